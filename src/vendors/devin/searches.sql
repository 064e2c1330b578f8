-- One search per record, as figures of its day: that there was one, and whatever it counts. What an item has is not documented:
-- a number that can be an instant is taken for one, and is no figure.
with parsed as (
  select
    *,
    internal.day_of("time") as day_start,
    nullif(record ->> 'user_id', '') as person,
    nullif(record ->> 'user_email', '') as address,
    nullif(record ->> 'service_user_id', '') as service_user
  from records
),

figures as (
  select *, 'searches' as metric, 1::double as value
  from parsed
  union all by name
  select p.*, internal.snake_case(f.key) as metric, internal.figure_of(f.value) as value
  from parsed p, json_each(p.record) f
  where f.type in ('UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT') and not regexp_full_match(f.key, '(.*_)?id') and internal.instant_of(f.value ->> '$') is null
)

select
  source,
  vendor,
  nullif(record ->> 'org_id', '') as organization_id,
  stream,
  key as record_key,
  stream as dataset,
  case when person is not null or address is not null then 'user' when service_user is not null then 'service_user' else 'enterprise' end as scope,
  coalesce(person, address, service_user, 'enterprise') as scope_id,
  day_start as period_start,
  day_start + interval 24 hours as period_end,
  'daily' as granularity,
  metric,
  value,
  'count' as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value) and day_start is not null
