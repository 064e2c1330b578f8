-- One figure per record.
with parsed as (
  select *, from_json(record, '{
    "about": "VARCHAR", "day": "VARCHAR", "product": "VARCHAR", "model": "VARCHAR", "metric": "VARCHAR", "value": "DOUBLE"
  }') as r
  from records
)
select
  source, vendor, organization_id, stream, key as record_key, 'figures' as dataset,
  context ->> 'scope' as scope, r.about as scope_id,
  try_cast(r.day as timestamptz) as period_start, try_cast(r.day as timestamptz) + interval 1 day as period_end,
  'daily' as granularity, r.product as tool, r.model, r.metric, r.value, 'credits' as unit,
  seen_at as observed_at, seq, n
from parsed
