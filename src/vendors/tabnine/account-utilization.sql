-- The figures of one month per record. The vendor counts months from zero: {"year": 2026, "month": 11} is December.
with parsed as (
  select *, try_cast(record ->> 'year' as bigint) as "year", try_cast(record ->> 'month' as bigint) + 1 as "month"
  from records
),

dated as (
  select
    *,
    -- A month 13 would become the next January.
    case when "month" between 1 and 12 then try(make_timestamptz("year", "month", 1, 0, 0, 0, 'UTC')) end as month_start
  from parsed
),

figures as (
  select
    d.*,
    internal.snake_case(f.key) as metric,
    internal.figure_named(f.key, f.value) as value
  from dated d, json_each(d.record) f
  where internal.figure_named(f.key, f.value) is not null and f.key not in ('year', 'month')
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
  metric,
  value,
  case when metric in ('registered', 'deactivated', 'active', 'pending') then 'users' else 'count' end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
