select
  source,
  vendor,
  stream,
  'team_member' as entity_type,
  key as entity_id,
  json_merge_patch(record, json_object('team_id', context ->> 'team', 'user_id', record ->> 'id')) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
