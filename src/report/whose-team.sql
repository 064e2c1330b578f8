-- Who is in a team of one vendor has accounts at others, which know no such team.
create temp table accounts_in as
with accounts as materialized (
  from person_accounts
)
select a.* from accounts a semi join sources_in using (source)
where a.person_id in (
  select o.person_id
  from users u join accounts o using (source, user_id), asked
  where asked.wanted_team in (u.team_id, u.team_name)
);

create temp table events_in as
with of_team as (
  select e.event_uid
  from audit_events e, asked
  where e.occurred_at >= getvariable('since') and e.occurred_at < getvariable('until')
    and (
      asked.wanted_team in (e.team_id, e.team_name)
      or (e.source, e.actor_id) in (select (source, user_id) from accounts_in)
      or lower(e.actor_email) in (select email from accounts_in)
    )
)
select * from happened semi join of_team using (event_uid);
