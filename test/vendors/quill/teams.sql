select
  source,
  vendor,
  stream,
  'team' as entity_type,
  key as entity_id,
  record ->> 'name' as name,
  record as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
