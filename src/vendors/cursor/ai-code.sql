-- The lines of one commit or change per record, as figures of the day on which it was made. Lines that are attributed to nobody are
-- not those of people: squashed merges, first commits and what was committed elsewhere are among them.
with dated as (
  select
    *,
    coalesce(
      internal.instant_of(record ->> 'commitTs'), internal.instant_of(record ->> 'createdAt'), internal.instant_of(split_part(key, '/', 1))
    ) as made_at,
    coalesce(nullif(lower(trim(record ->> 'userEmail')), ''), record ->> 'userId') as person
  from records
),

figures as (
  select
    d.*,
    internal.day_of(d.made_at) as day_start,
    internal.snake_case(f.key) as metric,
    internal.figure_named(f.key, f.value) as value
  from dated d, json_each(d.record) f
  where internal.figure_named(f.key, f.value) is not null and f.key not in ('userId', 'commitTs', 'createdAt')
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
  day_start as period_start,
  day_start + interval 24 hours as period_end,
  'daily' as granularity,
  lower(coalesce(record ->> 'commitSource', record ->> 'source')) as tool,
  record ->> 'model' as model,
  metric,
  value,
  'lines' as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
