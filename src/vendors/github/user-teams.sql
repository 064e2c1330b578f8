-- Who was in which team on a day, of those with a seat: as figures that add up to the size of the team. A person may be in several.
select
  source,
  vendor,
  coalesce(nullif(record ->> 'organization_id', ''), nullif(record ->> 'enterprise_id', '')) as organization_id,
  stream,
  key as record_key,
  stream as dataset,
  'team' as scope,
  coalesce(nullif(record ->> 'team_id', ''), nullif(record ->> 'slug', '')) as scope_id,
  "time" as period_start,
  "time" + interval 24 hours as period_end,
  'daily' as granularity,
  'members' as metric,
  1::double as value,
  'count' as unit,
  seen_at as observed_at,
  seq,
  n
from records
where scope_id is not null and "time" is not null
