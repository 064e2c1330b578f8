-- What has been spent in the current period of a limit, as of the reading. Nothing is served as zero too while it is not known.
select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'spend-limits' as dataset,
  if(record ->> '$.actor.user_id' is null, 'organization', 'user') as scope,
  coalesce(record ->> '$.actor.user_id', organization_id) as scope_id,
  'snapshot' as granularity,
  concat('period_to_date_spend.', coalesce(record ->> 'period', 'unknown')) as metric,
  internal.major_units(record -> '$.period_to_date_spend')::double as value,
  upper(coalesce(record ->> 'currency', 'USD')) as unit,
  seen_at as observed_at,
  seq,
  n
from records
where internal.major_units(record -> '$.period_to_date_spend') is not null
