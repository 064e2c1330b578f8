-- What one person or key did with Claude Code on one day per record; somebody who uses several terminals has several. A figure is a number,
-- whatever its name; the estimated cost is a number of cents. Who it was is an address or the name of a key: the page says whose id that is.
with recursive rows_of as (
  select
    *,
    coalesce(internal.instant_of(record ->> '$.date'), internal.instant_of(context ->> 'day')) as period_start,
    record ->> '$.actor.type' as actor_type,
    coalesce(record ->> '$.actor.email_address', record ->> '$.actor.api_key_name', record ->> '$.actor.api_key_id') as actor_name,
    from_json(context ->> 'owners', '"MAP(VARCHAR, VARCHAR)"') as owners
  from records
),

paths as (
  select r.seq, r.n, member.key as path, member.value, null::varchar as model
  from rows_of r, json_each(r.record) member
  where member.key not in ('date', 'actor', 'model_breakdown')
  union all
  select r.seq, r.n, concat('model_breakdown.', member.key), member.value, model.value ->> 'model'
  from rows_of r, json_each(r.record -> '$.model_breakdown') model, json_each(model.value) member
  where json_type(r.record -> '$.model_breakdown') = 'ARRAY' and member.key <> 'model'
  union all
  select parent.seq, parent.n, concat(parent.path, '.', child.key), child.value, parent.model
  from paths parent, json_each(parent.value) child
  where json_type(parent.value) = 'OBJECT'
),

figures as (
  select
    seq,
    n,
    path as metric,
    model,
    if(path like '%estimated_cost.amount', internal.major_units(value)::double, internal.figure_named(path, value)) as value
  from paths
  where json_type(value) <> 'OBJECT'
),

added as (
  select seq, n, metric, model, sum(value) as value from figures where value is not null and model is not null group by all
  union all
  select seq, n, metric, null, sum(value) as value from figures where value is not null group by all
)

select
  r.source,
  r.vendor,
  r.organization_id,
  r.stream,
  r.key as record_key,
  'claude-code' as dataset,
  if(r.actor_type = 'api_actor', 'api_key', 'user') as scope,
  coalesce(r.owners[r.actor_name], r.actor_name) as scope_id,
  r.period_start,
  r.period_start + interval 24 hours as period_end,
  'daily' as granularity,
  null::varchar as tool,
  a.model,
  a.metric,
  a.value,
  case
    when contains(a.metric, 'tokens') then 'tokens'
    when a.metric like '%estimated_cost.amount' then 'USD'
    when contains(a.metric, 'lines_of_code') then 'lines'
    else 'count'
  end as unit,
  r.seen_at as observed_at,
  r.seq,
  r.n
from added a
join rows_of r using (seq, n)
where isfinite(a.value)
