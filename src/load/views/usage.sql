-- Figures with the name of what they are about: as observed at or before the period, else the earliest known. What was
-- withdrawn is among them, without a value.
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
  f.stream,
  f.record_key,
  f.n,
  f.latest
from figures f
left join names_over_time named
  on named.source = f.source and named.entity_id = f.scope_id and named.entity_type = f.scope
  and coalesce(f.period_start, f.observed_at) >= named.holds_from
  and coalesce(f.period_start, f.observed_at) < named.holds_to;

create view usage_metrics_history as
select * exclude (stream, record_key, n, latest) from named_figures where value is not null;

create view usage_metrics as
select * exclude (stream, record_key, n, latest) from named_figures where latest and value is not null;

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
