-- The pool of the contract, or the share of one team in it, as it stood when it was read.
with figures as (
  select
    r.*,
    r.record ->> 'teamId' as team,
    internal.snake_case(f.key) as metric,
    internal.figure_named(f.key, f.value) / 100 as value
  from records r, json_each(r.record) f
  where f.key like '%Cents' and internal.figure_named(f.key, f.value) is not null
)

select
  source,
  vendor,
  coalesce(team, nullif(organization_id, '(not said)')) as organization_id,
  stream,
  key as record_key,
  'pooled-usage' as dataset,
  if(team is null, 'enterprise', 'organization') as scope,
  coalesce(team, nullif(organization_id, '(not said)')) as scope_id,
  'snapshot' as granularity,
  metric,
  value,
  'USD' as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
