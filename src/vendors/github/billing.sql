-- What one product cost in one day, as billed or in AI credits. Rows of credits bear no date: the question does. Of what is billed
-- only Copilot's part is a figure; the rest is in the archive.
with parsed as (
  select
    *,
    from_json(record, '{
      "date": "VARCHAR", "product": "VARCHAR", "sku": "VARCHAR", "model": "VARCHAR", "unitType": "VARCHAR"
    }') as r
  from records
),

wanted as (
  select
    *,
    try_cast(coalesce(nullif(context ->> 'day', ''), r.date[:10], (context ->> 'month') || '-01') || 'T00:00:00Z' as timestamptz)
      as period_start,
    stream = 'premium-requests' as is_monthly
  from parsed
  where stream <> 'billing-usage' or r.product ilike '%copilot%' or r.sku ilike '%copilot%'
),

figures as (
  select
    w.*,
    internal.snake_case(f.key) as metric,
    internal.figure_of(f.value) as value
  from wanted w, json_each(w.record) f
  where f.key in (
    'quantity', 'grossQuantity', 'discountQuantity', 'netQuantity', 'pricePerUnit', 'grossAmount', 'discountAmount', 'netAmount'
  )
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  stream as dataset,
  context ->> 'scope' as scope,
  context ->> 'scope_id' as scope_id,
  period_start,
  period_start + if(is_monthly, interval 1 month, interval 1 day) as period_end,
  if(is_monthly, 'monthly', 'daily') as granularity,
  coalesce(nullif(r.sku, ''), nullif(r.product, '')) as tool,
  nullif(r.model, '') as model,
  metric,
  value,
  case
    when metric not like '%quantity' then 'USD'
    -- One thing under several names.
    when regexp_full_match(r.unitType, '(?i)(ai[-_ ]?)?(credit|unit)s?') then 'credits'
    else coalesce(nullif(r.unitType, ''), 'count')
  end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where value is not null and isfinite(value)
