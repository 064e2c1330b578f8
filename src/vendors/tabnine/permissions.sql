-- One holder of a role per record. The role is not in the record: the request was about it.
select
  source,
  vendor,
  stream,
  'permission' as entity_type,
  key as entity_id,
  nullif(from_json(record, '{"username": "VARCHAR"}').username, '') as name,
  json_merge_patch(record, json_object('role', context ->> 'role')) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
