-- One version of a membership per record. The team is not in the record: the request was about it.
with parsed as (
  select
    *,
    from_json(record, '{
      "id": "VARCHAR", "user_id": "VARCHAR", "userId": "VARCHAR", "username": "VARCHAR", "email": "VARCHAR"
    }') as r
  from records
)

select
  source,
  vendor,
  stream,
  'team_member' as entity_type,
  key as entity_id,
  nullif(r.username, '') as name,
  nullif(r.email, '') as email,
  json_merge_patch(record, json_object('team_id', context ->> 'team_id', 'user_id', coalesce(r.id, r.user_id, r.userId))) as attributes,
  -- The user's time of change says nothing about when the membership began.
  seen_at,
  true as present,
  seq,
  n
from parsed
