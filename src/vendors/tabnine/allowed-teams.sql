-- One team that a user may switch to per record. The user is not in the record: the request was about them.
with parsed as (
  select *, from_json(record, '{"id": "VARCHAR", "team_id": "VARCHAR", "teamId": "VARCHAR", "name": "VARCHAR"}') as r
  from records
)

select
  source,
  vendor,
  stream,
  'allowed_team' as entity_type,
  key as entity_id,
  nullif(r.name, '') as name,
  json_merge_patch(record, json_object('user_id', context ->> 'user_id', 'team_id', coalesce(r.id, r.team_id, r.teamId))) as attributes,
  seen_at,
  true as present,
  seq,
  n
from parsed
