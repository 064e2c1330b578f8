-- The figures of a team as they are now: they speak of no period.
with figures as (
  select
    r.*,
    internal.snake_case(f.key) as metric,
    internal.figure_named(f.key, f.value) as value
  from records r, json_each(r.record) f
  where internal.figure_named(f.key, f.value) is not null
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'team-utilization' as dataset,
  'team' as scope,
  coalesce(context ->> 'team_id', key) as scope_id,
  'snapshot' as granularity,
  metric,
  value,
  case when metric in ('registered', 'deactivated', 'invited') then 'users' else 'count' end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
