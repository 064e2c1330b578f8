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
-- exactly one: the first reaches back to the beginning, the last observed one holds on. Who belongs only by
-- an identity provider's group is listed elsewhere, and is a user all the same.
create view names_to_hold as
with users_listed as (
  select distinct source, entity_id from entity_versions where entity_type = 'user' and present
),
named_versions as (
  select * replace (if(entity_type = 'idp_user', 'user', entity_type) as entity_type)
  from dated_versions
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
with service_users_known as (
  select distinct source, entity_id from names_over_time where entity_type = 'service_user'
),
happened as (
  -- Without a time an event takes the earliest names.
  select
    *,
    coalesce(occurred_at, '-infinity'::timestamptz) as named_at,
    -- A service user that is in no list of them may still be in the list of users.
    case
      when actor_type = 'service_user' and (source, actor_id) in (select (source, entity_id) from service_users_known)
        then 'service_user'
      else 'user'
    end as actor_entity_type
  from events
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
    on actor.source = e.source and actor.entity_id = e.actor_id and actor.entity_type = e.actor_entity_type
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

-- Whoever is in the list of users, and who belongs by a group of an identity provider alone.
create view users as
with members as (
  select source, user_id, team_id from memberships_over_time where holds_to = 'infinity'::timestamptz
),
teams_now as (
  select source, entity_id, name from entity_history where entity_type = 'team' and valid_to is null
),
listed as (
  select * from entity_history where entity_type in ('user', 'idp_user') and valid_to is null
),
people as (
  select * from listed
  qualify row_number() over (partition by source, entity_id order by entity_type = 'user' desc) = 1
),
-- Where a user may hold several roles: those in all of the enterprise, whichever list says so.
enterprise_roles as (
  select source, entity_id, string_agg(distinct held.role.role_name, ', ' order by held.role.role_name) as roles
  from (
    select
      source, entity_id,
      unnest(list_concat(
        from_json(attributes -> '$.role_assignments', '[{"role": {"role_name": "VARCHAR"}, "org_id": "VARCHAR"}]'),
        from_json(attributes -> '$.idp_role_assignments', '[{"role": {"role_name": "VARCHAR"}, "org_id": "VARCHAR"}]')
      )) as held
    from listed
  )
  where held.org_id is null
  group by all
)
select
  u.source,
  u.entity_id as user_id,
  u.name,
  u.email,
  coalesce(u.attributes ->> 'role', r.roles) as role,
  -- Whom a vendor lists without a status is a member.
  coalesce(u.attributes ->> 'status', 'active') as status,
  coalesce(u.attributes ->> 'team_id', m.team_id) as team_id,
  coalesce(t.name, u.attributes ->> 'team_name') as team_name
from people u
left join enterprise_roles r on r.source = u.source and r.entity_id = u.entity_id
left join members m on m.source = u.source and m.user_id = u.entity_id
left join teams_now t
  on t.source = u.source and t.entity_id = coalesce(u.attributes ->> 'team_id', m.team_id);

create view teams as
select source, entity_id as team_id, name, attributes
from entity_history
where entity_type = 'team' and valid_to is null;

create view organizations as
select source, entity_id as organization_id, name, attributes
from entity_history
where entity_type = 'organization' and valid_to is null;

-- Figures with the name of what they are about: as observed at or before the period, else the earliest known.
create view named_figures as
select
  f.source,
  f.vendor,
  f.organization_id,
  f.dataset,
  f.scope,
  f.scope_id,
  named.name as scope_name,
  -- What speaks of no period speaks of the moment in which it was read.
  case when f.granularity = 'snapshot' then f.observed_at else f.period_start end as period_start,
  f.period_end,
  f.granularity,
  f.tool,
  f.model,
  f.metric,
  f.value,
  f.unit,
  f.observed_at,
  f.seq,
  f.latest
from figures f
left join names_over_time named
  on named.source = f.source and named.entity_id = f.scope_id and named.entity_type = f.scope
  and coalesce(f.period_start, f.observed_at) >= named.holds_from
  and coalesce(f.period_start, f.observed_at) < named.holds_to
where f.value is not null;

create view usage_metrics as
select * exclude (latest) from named_figures where latest;

create view usage_metrics_history as
select * exclude (latest) from named_figures;

create view team_activity as
with daily as (
  select
    *,
    (period_start at time zone 'UTC')::date as day
  from usage_metrics
  where dataset = 'usage-v2' and scope = 'team' and granularity = 'daily' and model is null
)
select
  source,
  scope_id as team_id,
  any_value(scope_name) as team_name,
  day,
  sum(value) filter (metric = 'active_users') as active_users,
  sum(value) filter (metric = 'code_completions.completions') as completions,
  sum(value) filter (metric = 'chat.messages') as chat_messages,
  sum(value) filter (metric = 'agent.messages') as agent_messages,
  sum(value) filter (metric = 'agent.lines_added') as agent_lines_added,
  sum(value) filter (metric = 'agent.lines_added_accepted') as agent_lines_accepted,
  case when agent_lines_added > 0 then agent_lines_accepted / agent_lines_added end as acceptance
from daily
group by source, scope_id, day;

-- Of the organization alone: its teams and users are in it.
create view model_usage as
with per_model as (
  select
    source,
    (period_start at time zone 'UTC')::date as day,
    dataset,
    case when dataset = 'agent-usage' then 'agent' else split_part(metric, '.', 1) end as activity,
    model,
    split_part(metric, '.', -1) as figure,
    value
  from usage_metrics
  where scope = 'organization' and model is not null
    and (
      (dataset = 'usage-v2' and granularity = 'all' and metric like '%.models.%')
      or (dataset = 'agent-usage' and granularity = 'daily' and tool is null and metric like 'model_breakdown.%')
    )
)
select
  source,
  day,
  dataset,
  activity,
  model,
  sum(value) filter (figure = 'messages') as messages,
  sum(value) filter (figure = 'unique_users') as unique_users,
  sum(value) filter (figure = 'input_tokens') as input_tokens,
  sum(value) filter (figure = 'output_tokens') as output_tokens,
  sum(value) filter (figure = 'tokens_consumed') as tokens,
  sum(value) filter (figure = 'cost') as cost
from per_model
group by source, day, dataset, activity, model;

create view seats as
with licenses as (
  select
    source,
    try_cast(try_cast(attributes ->> 'seats' as double) as bigint) as seats,
    try_cast(try_cast(attributes ->> 'seatsCap' as double) as bigint) as seats_cap,
    -- Seconds since 1970; the vendor's other times are texts.
    coalesce(
      try(to_timestamp(try_cast(attributes ->> 'exp' as double))),
      try_cast(attributes ->> 'exp' as timestamptz)
    ) as expires_at
  from entity_history
  where entity_type = 'license' and valid_to is null
),
registered as (
  select source, count(*) filter (status = 'active') as active_users from users group by source
)
select
  l.source,
  l.seats,
  l.seats_cap,
  l.expires_at,
  r.active_users,
  case when l.seats > 0 then r.active_users / l.seats end as used_share
from licenses l
left join registered r on r.source = l.source;

-- Measured against the end of what was read, not against a clock: a reader that stopped makes nobody unused.
create view unused_accounts as
with activity as (
  select source, scope_id as user_id, period_start, period_end, value
  from figures
  where latest and value is not null and scope = 'user' and dataset in ('usage-v2', 'agent-usage')
    -- A pseudonym is nobody's id: with them nothing can be said about anyone.
    and not starts_with(scope_id, 'anon-')
),
readings as (
  select source, max(period_end) as read_to from activity group by source
),
last_activity as (
  select source, user_id, max(period_end) as active_to, max(period_start) as active_from
  from activity where value > 0 group by source, user_id
)
select
  u.source,
  u.user_id,
  u.name,
  u.email,
  u.team_id,
  u.team_name,
  (a.active_from at time zone 'UTC')::date as last_active_day,
  r.read_to
from users u
join readings r on r.source = u.source
left join last_activity a on a.source = u.source and a.user_id = u.user_id
where u.status = 'active' and (a.active_to is null or a.active_to <= r.read_to - interval 30 days);

-- A role is held since the first version of the present, uninterrupted run of versions that have it.
create view admins as
with versions as (
  select
    *,
    present and coalesce(lower(attributes ->> 'role') = 'admin', false) as holds
  from dated_versions
  where entity_type in ('user', 'permission')
),
counted as (
  select
    *,
    count(*) filter (not holds) over (
      partition by source, entity_type, entity_id order by seq desc, n desc
    ) as interruptions_since
  from versions
),
current_runs as (
  select
    source,
    entity_type,
    entity_id,
    arg_max(name, (seq, n)) as name,
    min(valid_from) as since
  from counted
  where interruptions_since = 0
  group by source, entity_type, entity_id
),
-- The list of permissions has user names only. One that two users share says nothing about either.
unique_names as (
  select source, lower(name) as username, any_value(user_id) as user_id
  from users
  where name is not null
  group by all
  having count(*) = 1
),
holders as (
  select
    c.source,
    case when c.entity_type = 'user' then c.entity_id else k.user_id end as user_id,
    c.name,
    c.since,
    c.entity_type
  from current_runs c
  left join unique_names k on k.source = c.source and k.username = lower(c.name)
)
select
  h.source,
  h.user_id,
  coalesce(any_value(u.name), any_value(h.name)) as name,
  any_value(u.email) as email,
  any_value(u.status) as status,
  min(h.since) as since,
  list_sort(list(distinct h.entity_type)) as known_from
from holders h
left join users u on u.source = h.source and u.user_id = h.user_id
group by h.source, h.user_id, case when h.user_id is null then h.name end;

create view work_sessions as
select
  source, session_id, organization_id, user_id, status, origin, created_at, updated_at, acus,
  service_user_id, title, status_detail, category, playbook_id, parent_session_id, is_archived,
  pull_requests, tags, raw, first_seen_at, seq
from sessions;

-- One assignment of a role or a team per row. It is held since the first version of the present, uninterrupted
-- run of versions that have it.
create view access_grants as
with versions as (
  select
    *,
    row_number() over entity as version,
    count(*) over (partition by source, entity_type, entity_id) as versions
  from dated_versions
  where entity_type in ('user', 'permission', 'team_member', 'idp_user', 'idp_group', 'service_user')
  window entity as (partition by source, entity_type, entity_id order by seq, n)
),
-- Nothing is held by who is deactivated or deleted.
holding as (
  select *, if(entity_type = 'team_member', attributes ->> 'user_id', entity_id) as holder_id
  from versions
  where present
    and coalesce(attributes ->> 'status', 'active') = 'active'
    and (attributes ->> 'deleted_at') is null
),
assigned as (
  select
    *,
    unnest(list_concat(
      from_json(attributes -> '$.role_assignments', '[{"role": {"role_id": "VARCHAR", "role_name": "VARCHAR"}, "org_id": "VARCHAR"}]'),
      from_json(attributes -> '$.idp_role_assignments', '[{"role": {"role_id": "VARCHAR", "role_name": "VARCHAR"}, "org_id": "VARCHAR"}]')
    )) as assignment
  from holding
  where vendor = 'devin'
),
held as (
  select
    * exclude (assignment, attributes),
    coalesce(assignment.role.role_name, assignment.role.role_id) as role,
    if(assignment.org_id is null, 'enterprise', 'organization') as scope_type,
    assignment.org_id as scope_id
  from assigned
  where coalesce(assignment.role.role_name, assignment.role.role_id) is not null
  union all by name
  select * exclude (attributes), attributes ->> 'role' as role, 'organization' as scope_type, null as scope_id
  from holding
  where vendor = 'tabnine' and entity_type in ('user', 'permission') and (attributes ->> 'role') is not null
  union all by name
  select * exclude (attributes), 'member' as role, 'team' as scope_type, attributes ->> 'team_id' as scope_id
  from holding
  where vendor = 'tabnine' and entity_type in ('user', 'team_member') and (attributes ->> 'team_id') is not null
),
-- Of one that is listed twice in a version the first is taken.
counted as (
  select *, version - row_number() over (
    partition by source, entity_type, entity_id, role, scope_type, scope_id order by version
  ) as run
  from held
  qualify row_number() over (
    partition by source, entity_type, entity_id, role, scope_type, scope_id, version order by n
  ) = 1
),
current_runs as (
  select
    source, vendor, entity_type, entity_id, role, scope_type, scope_id,
    any_value(holder_id) as holder_id,
    arg_max(name, version) as name,
    min(valid_from) as since
  from counted
  group by source, vendor, entity_type, entity_id, role, scope_type, scope_id, run, versions
  having max(version) = versions
),
-- The list of permissions has user names only. One that two users share says nothing about either.
unique_names as (
  select source, lower(name) as username, any_value(user_id) as user_id
  from users
  where name is not null
  group by all
  having count(*) = 1
),
holders as (
  select
    c.source, c.vendor,
    if(c.entity_type in ('service_user', 'idp_group'), c.entity_type, 'user') as holder_type,
    if(c.entity_type = 'permission', k.user_id, c.holder_id) as holder_id,
    c.name, c.role, c.scope_type, c.scope_id, c.since
  from current_runs c
  left join unique_names k on c.entity_type = 'permission' and k.source = c.source and k.username = lower(c.name)
),
-- The same by two lists is one.
grants as (
  select
    source, vendor, holder_type, holder_id, any_value(name) as name, role, scope_type, scope_id, min(since) as since
  from holders
  group by source, vendor, holder_type, holder_id, if(holder_id is null, name, null), role, scope_type, scope_id
),
things_now as (
  select source, entity_type, entity_id, name
  from entity_history
  where entity_type in ('organization', 'team') and valid_to is null
),
-- Of an account that has one organization only, whoever holds something holds it there.
only_organizations as (
  select source, any_value(entity_id) as entity_id
  from things_now
  where entity_type = 'organization'
  group by source
  having count(*) = 1
)
select
  g.source,
  g.vendor,
  g.holder_type,
  g.holder_id,
  coalesce(u.name, g.name) as holder_name,
  u.email as holder_email,
  g.role,
  g.scope_type,
  coalesce(g.scope_id, o.entity_id) as scope_id,
  t.name as scope_name,
  g.since
from grants g
left join users u on u.source = g.source and u.user_id = g.holder_id and g.holder_type = 'user'
left join only_organizations o on o.source = g.source and g.scope_type = 'organization'
left join things_now t
  on t.source = g.source and t.entity_type = g.scope_type and t.entity_id = coalesce(g.scope_id, o.entity_id);

create view credential_events as
select
  event_uid, source, vendor, organization_id, occurred_at, action, activity,
  actor_type, actor_id, actor_email, actor_name, target_type, target_id, target_name, details, seq
from audit_events
where category = 'credential';

create view guardrail_violations as
select
  event_uid, source, vendor, organization_id, occurred_at, actor_type, actor_id, actor_email, actor_name,
  case when target_type = 'session' then target_id end as session_id,
  details, seq
from audit_events
where action = 'ai_guardrail_violation';

-- Every event with each person in it, by e-mail: the one thing that vendors agree on.
create view person_events as
select lower(actor_email) as person_email, 'actor' as part, *
from audit_events
where actor_email is not null
union all
select lower(target_email) as person_email, 'target' as part, *
from audit_events
where target_email is not null and lower(target_email) is distinct from lower(actor_email);

create macro timeline(email) as table
select * from person_events where person_email = lower(trim(email)) order by occurred_at, event_uid;

-- Products are split off the total; what the vendor gives to none of them is the rest.
create view person_costs as
with costs as (
  select
    source, vendor, scope_id as user_id, scope_name as name, period_start, period_end, unit,
    tool as product,
    value
  from usage_metrics
  where scope = 'user' and granularity = 'daily' and model is null
    and (
      (dataset = 'consumption' and metric = 'acus')
      or (dataset = 'agent-usage' and tool is null and metric = 'total_cost')
      or (dataset = 'agent-usage' and metric = 'agent_type_breakdown.cost')
    )
),
rests as (
  select
    source, vendor, user_id, any_value(name) as name, period_start, any_value(period_end) as period_end, unit,
    null::varchar as product,
    sum(value) filter (product is null)
      - coalesce(list_sum(list_sort(list(value) filter (product is not null))), 0) as value,
    bool_or(product is not null) as is_split
  from costs
  group by source, vendor, user_id, period_start, unit
),
parts as (
  select * from costs where product is not null
  union all by name
  -- Sums of fractions differ in the last digits.
  select * exclude (is_split) from rests where not is_split or abs(value) > 1e-6
)
select
  p.source,
  p.vendor,
  p.user_id,
  coalesce(p.name, u.name) as name,
  u.email,
  (p.period_start at time zone 'UTC')::date as day,
  p.period_start,
  p.period_end,
  p.product,
  p.value as cost,
  p.unit
from parts p
left join users u on u.source = p.source and u.user_id = p.user_id;

-- Of accounts of which both were read, from the first to the last day of the organizations.
create view unattributed_consumption as
with consumption as (
  select source, vendor, scope, period_start, period_end, tool, value
  from usage_metrics
  where dataset = 'consumption' and metric = 'acus' and granularity = 'daily' and scope in ('enterprise', 'organization')
),
attributed as (
  select source, period_start, tool, list_sum(list_sort(list(value))) as acus
  from consumption
  where scope = 'organization'
  group by all
),
readings as (
  select source, min(period_start) as first_day, max(period_start) as last_day
  from consumption
  where scope = 'organization'
  group by source
)
select
  e.source,
  e.vendor,
  (e.period_start at time zone 'UTC')::date as day,
  e.period_start,
  e.period_end,
  e.tool,
  e.value as enterprise_acus,
  coalesce(a.acus, 0) as organization_acus,
  -- Sums of fractions differ in the last digits.
  round(e.value - coalesce(a.acus, 0), 6) as unattributed_acus
from consumption e
join readings r on r.source = e.source and e.period_start between r.first_day and r.last_day
left join attributed a
  on a.source = e.source and a.period_start = e.period_start and a.tool is not distinct from e.tool
where e.scope = 'enterprise';
