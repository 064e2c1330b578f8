select
  source,
  vendor,
  stream,
  'user' as entity_type,
  key as entity_id,
  record ->> 'name' as name,
  record ->> 'email' as email,
  json_merge_patch(record, json_object('status', if((record ->> 'state') = 'left', 'deactivated', 'active'))) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
