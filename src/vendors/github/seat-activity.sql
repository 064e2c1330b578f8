-- When a seat was last used, in seconds since 1970. GitHub forgets it after 90 days: former values stay in the history.
with parsed as (
  select
    *,
    from_json(record, '{"assignee": {"id": "VARCHAR"}, "last_activity_at": "VARCHAR", "last_authenticated_at": "VARCHAR"}') as r
  from records
),

figures as (
  select *, 'last_activity_at' as metric, epoch(internal.instant_of(r.last_activity_at)) as value from parsed
  union all by name
  select *, 'last_authenticated_at' as metric, epoch(internal.instant_of(r.last_authenticated_at)) as value from parsed
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'copilot-seats' as dataset,
  'user' as scope,
  r.assignee.id as scope_id,
  'snapshot' as granularity,
  metric,
  value,
  'epoch_seconds' as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where value is not null and r.assignee.id is not null
