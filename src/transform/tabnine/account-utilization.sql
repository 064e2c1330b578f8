-- The figures of one month per record. The vendor counts months from zero: {"year": 2026, "month": 11} is December.
with parsed as (
  select
    *,
    from_json(record, '{"year": "VARCHAR", "month": "VARCHAR"}') as r,
    try(make_timestamptz(try_cast(r.year as bigint), try_cast(r.month as bigint) + 1, 1, 0, 0, 0, 'UTC')) as month_start
  from records
),

figures as (
  select
    p.*,
    lower(regexp_replace(f.key, '([a-z0-9])([A-Z])', '\1_\2', 'g')) as metric,
    try_cast(f.value as double) as value
  from parsed p, json_each(p.record) f
  where f.type in ('BIGINT', 'UBIGINT', 'DOUBLE') and f.key not in ('year', 'month')
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'account-utilization' as dataset,
  'organization' as scope,
  organization_id as scope_id,
  month_start as period_start,
  month_start + interval 1 month as period_end,
  'monthly' as granularity,
  null::varchar as tool,
  null::varchar as model,
  metric,
  value,
  case when metric in ('registered', 'deactivated', 'active', 'pending') then 'users' else 'count' end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
