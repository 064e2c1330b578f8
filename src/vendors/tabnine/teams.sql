-- One version of a team per record. Teams carry no time of change.
select
  source,
  vendor,
  stream,
  'team' as entity_type,
  key as entity_id,
  nullif(from_json(record, '{"name": "VARCHAR"}').name, '') as name,
  record as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
