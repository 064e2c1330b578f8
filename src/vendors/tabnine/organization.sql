-- One version of the organization per record. It carries no time of change.
select
  source,
  vendor,
  stream,
  'organization' as entity_type,
  key as entity_id,
  nullif(from_json(record, '{"name": "VARCHAR"}').name, '') as name,
  record as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
