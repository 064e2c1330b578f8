-- Versions with the time from which they hold. The vendor's time of change counts only if it lies after
-- the former version was seen: a user whose team was renamed keeps the old time, and would rename the past.
create view internal.dated_versions as
with ordered as (
  select *, lag(seen_at) over entity as former_seen_at
  from internal.entity_versions
  window entity as (partition by source, entity_type, entity_id order by seq, n)
),
dated as (
  select
    * exclude (former_seen_at),
    case
      when not present then seen_at
      when changed_at > coalesce(former_seen_at, '-infinity'::timestamptz) then least(changed_at, seen_at)
      else seen_at
    end as valid_from
  from ordered
)
select
  *,
  lead(valid_from) over (partition by source, entity_type, entity_id order by seq, n) as valid_to
from dated;

create view main.entity_history as
select
  source, vendor, entity_type, entity_id, name, email, attributes, valid_from, valid_to, seq
from internal.dated_versions
where present;

-- Versions whose periods cover all of time without overlap, so that an equality join with a range finds
-- exactly one: the first reaches back to the beginning, the last observed one holds on. Who belongs only by
-- an identity provider's group is listed elsewhere, and is a user all the same.
create view internal.names_to_hold as
with users_listed as (
  select distinct source, entity_id from internal.entity_versions where entity_type = 'user' and present
),
named_versions as (
  select * replace (if(entity_type = 'idp_user', 'user', entity_type) as entity_type)
  from internal.dated_versions
  where present
    and (entity_type <> 'idp_user' or (source, entity_id) not in (select (source, entity_id) from users_listed))
)
select
  source, entity_type, entity_id, name, email, valid_from,
  attributes ->> 'team_id' as team_id,
  attributes ->> 'team_name' as team_name,
  case when row_number() over entity = 1 then '-infinity'::timestamptz else valid_from end as holds_from,
  coalesce(lead(valid_from) over entity, 'infinity'::timestamptz) as holds_to
from named_versions
window entity as (partition by source, entity_type, entity_id order by seq, n);

-- The team a user joined last, for vendors whose users do not name it themselves.
create view internal.memberships_to_hold as
select
  v.source,
  m.user_id,
  m.team_id,
  case when row_number() over member = 1 then '-infinity'::timestamptz else v.valid_from end as holds_from,
  least(
    coalesce(v.valid_to, 'infinity'::timestamptz),
    coalesce(lead(v.valid_from) over member, 'infinity'::timestamptz)
  ) as holds_to
from internal.memberships m
join internal.dated_versions v using (seq, n)
where v.present
window member as (partition by v.source, m.user_id order by v.valid_from, seq, n);
