-- The people that records name, in whatever field: by an id that the source's list of users has, as whoever had it at the
-- time, or by an e-mail address. Ids of up to three digits name nobody: a count would be somebody too.
-- `wanted` is one address in lower case, which spares reading the records that cannot name it; null for everybody. Of a period
-- only its records are read; null for no bound.
create macro internal.people_named(wanted, since, until) as table
with known as (
  select source, entity_id, lower(n.email) as address, holds_from, holds_to
  from internal.names_over_time n
  where entity_type = 'user' and n.email is not null and not regexp_full_match(entity_id, '[0-9]{0,3}')
),
addresses as (
  select distinct address from known
),
sought as (
  select source, list(distinct lower(entity_id)) as ids from known where address = wanted group by source
),
lowered as (
  select event_uid, source, coalesce(occurred_at, '-infinity'::timestamptz) as named_at, raw, lower(raw::varchar) as text
  from internal.events
  where (since is null or occurred_at >= since) and (until is null or occurred_at < until)
),
-- A record with an escape may spell anything.
candidates as (
  select e.event_uid, e.source, e.named_at, e.raw
  from lowered e
  left join sought s using (source)
  where wanted is null
    or contains(e.text, wanted)
    or list_bool_or(list_transform(s.ids, lambda id: contains(e.text, id)))
    or contains(e.text, '\')
),
-- Every value, and for the names of fields every object. Of what is very large the strings will do: of deeply nested values
-- each would hold all below it.
texts as (
  select event_uid, source, named_at, unnest(
    case
      when strlen(raw::varchar) <= 8192 then raw ->> '$..*'
      else regexp_extract_all(raw::varchar, '"((?:[^"\\]|\\.)*)"', 1)
    end
  ) as text
  from candidates
),
written as (
  select event_uid, lower(text) as text, rtrim(unnest(regexp_extract_all(
    lower(text), '[^\s@<>()\[\]{},;:"''|/\\]+@[^\s@<>()\[\]{},;:"''|/\\]+\.[^\s@<>()\[\]{},;:"''|/\\]+'
  )), '.') as address
  from texts
  where contains(text, '@')
)
select t.event_uid, k.address as person_email
from texts t
join known k
  on k.source = t.source and k.entity_id = t.text and t.named_at >= k.holds_from and t.named_at < k.holds_to
union
-- Within a longer text, what looks like an address may be that of a repository.
select event_uid, address
from written
where address = text or address in (select address from addresses);

create view internal.event_parties as
select lower(actor_email) as person_email, 'actor' as part, *
from main.audit_events
where actor_email is not null
union all
select lower(target_email) as person_email, 'target' as part, *
from main.audit_events
where target_email is not null and lower(target_email) is distinct from lower(actor_email);

-- Every event with each person in it, by e-mail: the one thing that vendors agree on.
create view main.person_events as
select * from internal.event_parties
union all
select n.person_email, 'named' as part, e.*
from internal.people_named(null, null, null) n
join main.audit_events e using (event_uid)
where n.person_email is distinct from lower(e.actor_email) and n.person_email is distinct from lower(e.target_email);

-- All accounts of the person who has an address, at whatever vendor.
create macro internal.accounts_of(wanted) as table
with accounts as materialized (
  from main.person_accounts
)
select source, user_id, email as address
from accounts
where person_id in (select person_id from accounts where list_contains(known_by, 'email:' || wanted));

-- Whom an event gives no address is found by the account.
create macro internal.timeline_of(wanted, since, until) as table
with own as materialized (
  from internal.accounts_of(wanted)
),
addresses as materialized (
  select wanted as address
  union
  select address from own where address is not null
),
named as materialized (
  select event_uid from internal.people_named(wanted, since, until) where person_email = wanted
),
parted as (
  select
    case
      when lower(e.actor_email) in (select address from addresses)
        or (e.source, e.actor_id) in (select (source, user_id) from own) then 'actor'
      when lower(e.target_email) in (select address from addresses)
        or (e.source, e.target_id) in (select (source, user_id) from own) then 'target'
      when e.event_uid in (select event_uid from named) then 'named'
    end as part,
    e.*
  from main.audit_events e
  where (since is null or e.occurred_at >= since) and (until is null or e.occurred_at < until)
)
select
  coalesce(case part when 'actor' then lower(actor_email) when 'target' then lower(target_email) end, wanted) as person_email,
  *
from parted
where part is not null
order by occurred_at, event_uid;

-- Bounds make it quick: what lies outside is not looked at.
create macro main.timeline(person, since := null, until := null) as table
from internal.timeline_of(lower(trim(person)), since, until);
