create temp table accounts_in as
with accounts as materialized (
  from person_accounts
)
select a.* from accounts a semi join sources_in using (source)
where a.person_id in (
  select o.person_id from accounts o, asked
  where o.person_id = asked.wanted_person or list_contains(o.known_by, 'email:' || asked.wanted_person)
);

create temp table events_in as
select h.* from happened h semi join (select event_uid from timeline($person, since := getvariable('since'), until := getvariable('until'))) using (event_uid);
