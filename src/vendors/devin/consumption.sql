-- The consumption of one day per record, in all and per product. The vendor's day begins at 08:00Z, in summer too.
with dated as (
  select
    *,
    context ->> 'scope' as scope,
    context ->> 'scope_id' as scope_id,
    internal.instant_of(record ->> '$.date') as period_start
  from records
),

figures as (
  select *, null::varchar as tool, record -> '$.acus' as figure
  from dated
  union all by name
  -- Products come and go; one without a figure is null.
  select d.*, product.key as tool, product.value as figure
  from dated d, json_each(d.record -> '$.acus_by_product') product
  where json_type(d.record -> '$.acus_by_product') = 'OBJECT'
)

select
  source,
  vendor,
  -- Only of an organization it is said whose it is.
  case when scope = 'organization' then scope_id end as organization_id,
  stream,
  key as record_key,
  'consumption' as dataset,
  scope,
  scope_id,
  period_start,
  period_start + interval 24 hours as period_end,
  context ->> 'granularity' as granularity,
  tool,
  'acus' as metric,
  internal.figure_of(figure) as value,
  'ACU' as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
