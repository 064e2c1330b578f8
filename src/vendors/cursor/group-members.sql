-- One membership of a group per record. The group is not in the record: the request was about it.
select
  source,
  vendor,
  stream,
  'team_member' as entity_type,
  key as entity_id,
  nullif(record ->> 'name', '') as name,
  nullif(record ->> 'email', '') as email,
  json_merge_patch(record, json_object('spendCents', null, 'dailySpend', null, 'team_id', context ->> 'group', 'user_id', coalesce(nullif(lower(record ->> 'email'), ''), record ->> 'userId', record ->> 'id'))) as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
