-- One repository connected to a team per record. The team is not in the record: the request was about it.
select
  source,
  vendor,
  stream,
  'repository' as entity_type,
  key as entity_id,
  nullif(from_json(record, '{"repository_link": "VARCHAR"}').repository_link, '') as name,
  json_merge_patch(record, json_object('team_id', context ->> 'team_id')) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
