-- One version of a member of the organization per record.
select
  source,
  vendor,
  stream,
  'user' as entity_type,
  key as entity_id,
  nullif(record ->> 'name', '') as name,
  nullif(record ->> 'email', '') as email,
  json_merge_patch(record, json_object('status', 'active')) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
