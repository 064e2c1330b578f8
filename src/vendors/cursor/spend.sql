-- What one member has spent in a cycle or, of an organization, since its contract began, as it stood when it was read. The meaning of `spendCents` was changed: the fields stay apart,
-- under their names. Cents and dollars stand in one record.
with figures as (
  select
    r.*,
    coalesce(nullif(lower(trim(r.record ->> 'email')), ''), r.record ->> 'userId') as person,
    internal.snake_case(f.key) as metric,
    internal.figure_named(f.key, f.value) / if(f.key like '%Cents', 100, 1) as value
  from records r, json_each(r.record) f
  where internal.figure_named(f.key, f.value) is not null and f.key <> 'userId'
)

select
  source,
  vendor,
  nullif(organization_id, '(not said)') as organization_id,
  stream,
  key as record_key,
  stream as dataset,
  'user' as scope,
  person as scope_id,
  internal.instant_of(context ->> 'cycle') as period_start,
  'snapshot' as granularity,
  metric,
  value,
  case when metric like '%_cents' or metric like '%_dollars' then 'USD' else 'count' end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
