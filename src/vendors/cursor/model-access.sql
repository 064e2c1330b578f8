-- One version of the settings of model access per record. There is one per team.
select
  source,
  vendor,
  stream,
  'model_access' as entity_type,
  key as entity_id,
  record ->> 'state' as name,
  record as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
