-- One review by Bugbot per record, as figures of its day and repository. What free reviews would have cost is said too: what is
-- charged is a figure of its own. Before reviews said whether they are billed, only those that are had a cost.
with parsed as (
  select
    *,
    try_cast((context ->> 'day') || 'T00:00:00Z' as timestamptz) as day_start,
    coalesce(nullif(record ->> 'repo', ''), nullif(record ->> 'repository', '')) as repository,
    coalesce(record ->> 'billed', 'true') = 'true' as is_billed
  from records
),

figures as (
  select *, 'reviews' as metric, 1.0::double as value, 'count' as unit from parsed
  union all by name
  select *, 'charged_cents' as metric, internal.figure_of(record -> '$.cost_cents') / 100 as value, 'USD' as unit
  from parsed where is_billed
  union all by name
  select
    p.*,
    internal.snake_case(f.key) as metric,
    internal.figure_of(f.value) / if(f.key like '%cents', 100, 1) as value,
    if(f.key like '%cents', 'USD', 'count') as unit
  from parsed p, json_each(p.record) f
  where json_type(f.value) in ('BIGINT', 'UBIGINT', 'DOUBLE') and f.key not in ('pr_number', 'request_id', 'timestamp')
)

select
  source,
  vendor,
  nullif(organization_id, '(not said)') as organization_id,
  stream,
  key as record_key,
  'bugbot-reviews' as dataset,
  if(repository is null, 'organization', 'project') as scope,
  coalesce(repository, nullif(organization_id, '(not said)')) as scope_id,
  day_start as period_start,
  day_start + interval 24 hours as period_end,
  'daily' as granularity,
  metric,
  value,
  unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
