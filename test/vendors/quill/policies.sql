select
  source,
  vendor,
  stream,
  'policy' as entity_type,
  key as entity_id,
  record ->> 'id' as name,
  json_merge_patch(record, json_object('team_id', context ->> 'team')) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
