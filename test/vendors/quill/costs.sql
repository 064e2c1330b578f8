-- The costs of one day per record: in all, and per product.
with days as (
  select *, context ->> 'scope_id' as scope_id, time as period_start from records
),
figures as (
  select *, null::varchar as tool, record -> '$.dollars' as figure from days
  union all by name
  select d.*, product.key as tool, product.value as figure
  from days d, json_each(d.record -> '$.by_product') product
)
select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'quill-costs' as dataset,
  'user' as scope,
  scope_id,
  period_start,
  period_start + interval 24 hours as period_end,
  'daily' as granularity,
  tool,
  null::varchar as model,
  'dollars' as metric,
  try_cast(figure as double) as value,
  'USD' as unit,
  seen_at as observed_at,
  seq,
  n
from figures
