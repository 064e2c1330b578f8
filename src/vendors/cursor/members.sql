-- One version of a member per record. Members carry no time of change. Removed ones stay in the list.
select
  source,
  vendor,
  stream,
  'user' as entity_type,
  key as entity_id,
  nullif(record ->> 'name', '') as name,
  nullif(record ->> 'email', '') as email,
  json_merge_patch(record, json_object('status', if((record ->> 'isRemoved') = 'true', 'deactivated', 'active'))) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
