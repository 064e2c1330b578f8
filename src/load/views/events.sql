-- With the line of the batch, by which deliveries keep their order.
create view internal.named_events as
with others_known as (
  select distinct source, entity_type, entity_id
  from internal.names_over_time
  where entity_type in ('service_user', 'api_key')
),
happened as (
  select
    e.*,
    -- First of all: whoever asks for a category has names looked up for its events alone.
    coalesce(a.category, 'other') as category,
    coalesce(a.activity, 'other') as activity,
    -- Without a time an event takes the earliest names.
    coalesce(e.occurred_at, '-infinity'::timestamptz) as named_at,
    -- A service user that is in no list of them may still be in the list of users.
    case
      when (e.source, e.actor_type, e.actor_id) in (select (source, entity_type, entity_id) from others_known) then e.actor_type
      else 'user'
    end as actor_entity_type
  from internal.events e
  left join internal.actions a on a.vendor = e.vendor and a.action = e.action
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
  left join internal.names_over_time actor
    on actor.source = e.source and actor.entity_id = e.actor_id and actor.entity_type = e.actor_entity_type
    and e.named_at >= actor.holds_from and e.named_at < actor.holds_to
  left join internal.memberships_over_time member
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
  e.category,
  e.activity,
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
  e.seq,
  e.n
from teamed e
left join internal.names_over_time target
  on target.source = e.source and target.entity_id = e.target_id and target.entity_type = e.target_type
  and e.named_at >= target.holds_from and e.named_at < target.holds_to
left join internal.names_over_time team
  on team.source = e.source and team.entity_id = e.actor_team_id and team.entity_type = 'team'
  and e.named_at >= team.holds_from and e.named_at < team.holds_to;

create view main.audit_events as
select * exclude (n) from internal.named_events;

create view main.credential_events as
select
  event_uid, source, vendor, organization_id, occurred_at, action, activity,
  actor_type, actor_id, actor_email, actor_name, target_type, target_id, target_name, details, seq
from main.audit_events
where category = 'credential';

create view main.guardrail_violations as
select
  event_uid, source, vendor, organization_id, occurred_at, actor_type, actor_id, actor_email, actor_name,
  case when target_type = 'session' then target_id end as session_id,
  details, seq
from main.audit_events
where (vendor, action) in (select (vendor, action) from internal.actions where finding = 'guardrail');
