-- The figures of one member and day per record. `total…` counts every line that was edited, by whomever, and `accepted…` misses
-- much of what agents write: neither is a share of anything.
with dated as (
  select
    *,
    coalesce(internal.instant_of(record ->> 'date'), internal.instant_of(record ->> 'day')) as stated_at,
    coalesce(nullif(lower(trim(record ->> 'email')), ''), record ->> 'userId') as person
  from records
),

figures as (
  select
    d.*,
    internal.day_of(d.stated_at) as day_start,
    internal.snake_case(f.key) as metric,
    internal.figure_named(f.key, f.value) as value
  from dated d, json_each(d.record) f
  where internal.figure_named(f.key, f.value) is not null and f.key not in ('userId', 'date', 'teamId')
)

select
  source,
  vendor,
  nullif(organization_id, '(not said)') as organization_id,
  stream,
  key as record_key,
  'daily-usage' as dataset,
  'user' as scope,
  person as scope_id,
  day_start as period_start,
  day_start + interval 24 hours as period_end,
  'daily' as granularity,
  metric,
  value,
  case when metric like '%lines%' then 'lines' else 'count' end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
