-- Versions with the time from which they hold. The vendor's time of change counts only if it lies after
-- the former version was seen: a user whose team was renamed keeps the old time, and would rename the past.
create view dated_versions as
with ordered as (
  select *, lag(seen_at) over entity as former_seen_at
  from entity_versions
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

create view entity_history as
select
  source, vendor, entity_type, entity_id, name, email, attributes, valid_from, valid_to, seq
from dated_versions
where present;

-- Versions whose periods cover all of time without overlap, so that an equality join with a range finds
-- exactly one: the first reaches back to the beginning, the last observed one holds on.
create view names_to_hold as
select
  source, entity_type, entity_id, name, email, valid_from,
  attributes ->> 'team_id' as team_id,
  attributes ->> 'team_name' as team_name,
  case when row_number() over entity = 1 then '-infinity'::timestamptz else valid_from end as holds_from,
  coalesce(lead(valid_from) over entity, 'infinity'::timestamptz) as holds_to
from dated_versions
where present
window entity as (partition by source, entity_type, entity_id order by seq, n);

-- The team a user joined last, for vendors whose users do not name it themselves.
create view memberships_to_hold as
with memberships as (
  select
    source, attributes ->> 'user_id' as user_id, attributes ->> 'team_id' as team_id,
    valid_from, valid_to, seq, n
  from dated_versions
  where present and entity_type = 'team_member'
)
select
  source, user_id, team_id,
  case when row_number() over member = 1 then '-infinity'::timestamptz else valid_from end as holds_from,
  least(
    coalesce(valid_to, 'infinity'::timestamptz),
    coalesce(lead(valid_from) over member, 'infinity'::timestamptz)
  ) as holds_to
from memberships
window member as (partition by source, user_id order by valid_from, seq, n);

create view audit_events as
with happened as (
  -- Without a time an event takes the earliest names.
  select *, coalesce(occurred_at, '-infinity'::timestamptz) as named_at from events
),
teamed as (
  select
    e.*,
    actor.name as known_actor_name,
    actor.email as known_actor_email,
    actor.valid_from as actor_known_from,
    coalesce(actor.team_id, member.team_id) as actor_team_id,
    actor.team_name as own_team_name
  from happened e
  left join names_over_time actor
    on actor.source = e.source and actor.entity_id = e.actor_id and actor.entity_type = 'user'
    and e.named_at >= actor.holds_from and e.named_at < actor.holds_to
  left join memberships_over_time member
    on member.source = e.source and member.user_id = e.actor_id
    and e.named_at >= member.holds_from and e.named_at < member.holds_to
)
select
  e.event_uid,
  e.event_id,
  e.source,
  e.vendor,
  e.organization_id,
  e.occurred_at,
  e.action,
  coalesce(a.category, 'other') as category,
  coalesce(a.activity, 'other') as activity,
  e.actor_type,
  e.actor_id,
  coalesce(e.actor_email, e.known_actor_email) as actor_email,
  coalesce(e.actor_name, e.known_actor_name) as actor_name,
  e.target_type,
  e.target_id,
  coalesce(e.target_email, target.email) as target_email,
  coalesce(e.target_name, target.name) as target_name,
  e.actor_team_id as team_id,
  coalesce(team.name, e.own_team_name) as team_name,
  case
    when e.actor_name is not null then 'event'
    when e.known_actor_name is null then 'none'
    when e.occurred_at >= e.actor_known_from then 'as_of'
    else 'earliest_known'
  end as name_basis,
  e.ip_address,
  e.user_agent,
  e.request_id,
  e.details,
  e.raw,
  e.raw_altered,
  e.revision,
  e.first_seen_at,
  e.seq
from teamed e
left join names_over_time target
  on target.source = e.source and target.entity_id = e.target_id and target.entity_type = e.target_type
  and e.named_at >= target.holds_from and e.named_at < target.holds_to
left join names_over_time team
  on team.source = e.source and team.entity_id = e.actor_team_id and team.entity_type = 'team'
  and e.named_at >= team.holds_from and e.named_at < team.holds_to
left join actions a on a.vendor = e.vendor and a.action = e.action;

create view users as
with members as (
  select source, user_id, team_id from memberships_over_time where holds_to = 'infinity'::timestamptz
),
teams_now as (
  select source, entity_id, name from entity_history where entity_type = 'team' and valid_to is null
)
select
  u.source,
  u.entity_id as user_id,
  u.name,
  u.email,
  u.attributes ->> 'role' as role,
  u.attributes ->> 'status' as status,
  coalesce(u.attributes ->> 'team_id', m.team_id) as team_id,
  coalesce(t.name, u.attributes ->> 'team_name') as team_name
from entity_history u
left join members m on m.source = u.source and m.user_id = u.entity_id
left join teams_now t
  on t.source = u.source and t.entity_id = coalesce(u.attributes ->> 'team_id', m.team_id)
where u.entity_type = 'user' and u.valid_to is null;

create view teams as
select source, entity_id as team_id, name, attributes
from entity_history
where entity_type = 'team' and valid_to is null;

create view organizations as
select source, entity_id as organization_id, name, attributes
from entity_history
where entity_type = 'organization' and valid_to is null;
