-- One seat per record: one person by one organization or team. When it was last used moves by itself, which is no new version
-- of it: that is a figure of the same record.
with parsed as (
  select
    *,
    from_json(record, '{"assignee": {"login": "VARCHAR", "email": "VARCHAR"}}') as r
  from records
)

select
  source,
  vendor,
  stream,
  'copilot_seat' as entity_type,
  key as entity_id,
  nullif(r.assignee.login, '') as name,
  nullif(r.assignee.email, '') as email,
  json_merge_patch(record, '{
    "last_activity_at": null, "last_activity_editor": null, "last_authenticated_at": null, "updated_at": null
  }') as attributes,
  seen_at,
  true as present,
  seq,
  n
from parsed
