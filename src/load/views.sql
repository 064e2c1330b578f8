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
      -- From here on a number is milliseconds: as seconds it would be the year 5138.
      try(to_timestamp(
        try_cast(attributes ->> 'exp' as double)
        / case when abs(try_cast(attributes ->> 'exp' as double)) >= 1e11 then 1000 else 1 end
      )),
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
with places as (
  select source, stream, seq, "cursor" from ledger
  union all
  select entry ->> 'source', entry ->> 'stream', seq, entry -> 'cursor'
  from (select seq, unnest(from_json(streams, '["JSON"]')) as entry from runs)
),
-- Who was not asked about yet has no figures either: as long as a reading is under way nobody is called unused.
unfinished as (
  select source
  from (
    select source, stream, arg_max("cursor", seq) ->> 'window' as open_window
    from places
    where stream in ('usage-user', 'agent-usage-user') and "cursor" is not null and "cursor"::varchar <> 'null'
    group by source, stream
  )
  where open_window is not null
),
activity as (
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
where u.status = 'active' and (a.active_to is null or a.active_to <= r.read_to - interval 30 days)
  and u.source not in (select source from unfinished);

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
