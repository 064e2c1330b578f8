-- Figures with the name of what they are about: as observed at or before the period, else the earliest known. What was
-- withdrawn is among them, without a value.
create view internal.named_figures as
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
from internal.figures f
left join internal.names_over_time named
  on named.source = f.source and named.entity_id = f.scope_id and named.entity_type = f.scope
  and coalesce(f.period_start, f.observed_at) >= named.holds_from
  and coalesce(f.period_start, f.observed_at) < named.holds_to;

create view main.usage_metrics_history as
select * exclude (stream, record_key, n, latest) from internal.named_figures where value is not null;

create view main.usage_metrics as
select * exclude (stream, record_key, n, latest) from internal.named_figures where latest and value is not null;

-- What the vendor corrected: figures of a record that has other versions. Several records may have figures of one period, so that
-- who reads `usage_metrics_history` alone cannot tell a corrected figure from another one.
create macro main.restated_between(since, until) as table
with versions as (
  select
    *,
    lag(value) over figure as former,
    -- Of the latest: how many there are.
    row_number() over figure as revisions
  from internal.named_figures
  semi join (select distinct source, stream, record_key from internal.figures where not latest) using (source, stream, record_key)
  where granularity <> 'snapshot'
  window figure as (
    partition by source, stream, record_key, dataset, scope, scope_id, period_start, period_end, granularity, tool, model, metric, unit
    order by seq, n
  )
)
select
  source, vendor, organization_id, dataset, scope, scope_id, scope_name, period_start, period_end, granularity, tool, model, metric,
  former, value, unit, observed_at, revisions, seq
from versions
where latest and revisions > 1
  and (since is null or observed_at >= since::timestamptz) and (until is null or observed_at < until::timestamptz);

-- Figures with what they measure. One may measure several things.
create view internal.measured_figures as
select
  f.*, m.measure, m.split, m.basis, coalesce(m.whole, f.dataset) as book,
  if(m.purpose = '*', split_part(f.metric, '.', 1), m.purpose) as purpose
from internal.named_figures f
join internal.measures m
  on m.vendor = f.vendor and m.stream = f.stream and f.metric glob m.metric
  and case coalesce(m.split, 'none')
    when 'none' then f.tool is null and f.model is null
    when 'product' then f.tool is not null and f.model is null
    when 'model' then f.tool is null and f.model is not null
    when 'both' then f.tool is not null and f.model is not null
    else m.split = 'any'
  end
where f.latest and f.value is not null;

create view main.team_activity as
with daily as (
  select
    *,
    (period_start at time zone 'UTC')::date as day
  from internal.measured_figures
  where scope = 'team' and granularity = 'daily'
    and measure in (
      'active_users', 'completions', 'chat_messages', 'agent_messages', 'agent_lines_added', 'agent_lines_accepted'
    )
)
select
  source,
  scope_id as team_id,
  any_value(scope_name) as team_name,
  day,
  sum(value) filter (measure = 'active_users') as active_users,
  sum(value) filter (measure = 'completions') as completions,
  sum(value) filter (measure = 'chat_messages') as chat_messages,
  sum(value) filter (measure = 'agent_messages') as agent_messages,
  sum(value) filter (measure = 'agent_lines_added') as agent_lines_added,
  sum(value) filter (measure = 'agent_lines_accepted') as agent_lines_accepted,
  case when agent_lines_added > 0 then agent_lines_accepted / agent_lines_added end as acceptance
from daily
group by source, scope_id, day;

-- Of the organization alone: its teams and users are in it.
create view main.model_usage as
with per_model as (
  select *, (period_start at time zone 'UTC')::date as day
  from internal.measured_figures
  where scope = 'organization' and tool is null and model is not null and granularity in ('daily', 'all')
    and measure in ('messages', 'unique_users', 'input_tokens', 'output_tokens', 'tokens', 'cost')
)
select
  source,
  day,
  dataset,
  purpose as activity,
  model,
  sum(value) filter (measure = 'messages') as messages,
  sum(value) filter (measure = 'unique_users') as unique_users,
  sum(value) filter (measure = 'input_tokens') as input_tokens,
  sum(value) filter (measure = 'output_tokens') as output_tokens,
  sum(value) filter (measure = 'tokens') as tokens,
  sum(value) filter (measure = 'cost') as cost
from per_model
group by source, day, dataset, purpose, model;
