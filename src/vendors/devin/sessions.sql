-- The state of a session per record. Sessions go on changing; each state replaces the one before.
with parsed as (
  select
    *,
    from_json(record, '{
      "org_id": "VARCHAR", "user_id": "VARCHAR", "service_user_id": "VARCHAR", "status": "VARCHAR",
      "status_detail": "VARCHAR", "origin": "VARCHAR", "category": "VARCHAR", "title": "VARCHAR",
      "playbook_id": "VARCHAR", "parent_session_id": "VARCHAR", "created_at": "VARCHAR", "updated_at": "VARCHAR",
      "acus_consumed": "VARCHAR", "is_archived": "VARCHAR", "pull_requests": "JSON", "tags": "JSON"
    }') as r
  from records
),

typed as (
  select
    *,
    try_cast(r.acus_consumed as double) as acus
  from parsed
)

select
  source,
  vendor,
  -- Served with and without the prefix.
  regexp_replace(key, '^devin-', '') as session_id,
  nullif(r.org_id, '') as organization_id,
  nullif(r.user_id, '') as user_id,
  nullif(r.service_user_id, '') as service_user_id,
  nullif(r.status, '') as status,
  nullif(r.status_detail, '') as status_detail,
  nullif(r.origin, '') as origin,
  nullif(r.category, '') as category,
  nullif(r.title, '') as title,
  nullif(r.playbook_id, '') as playbook_id,
  regexp_replace(nullif(r.parent_session_id, ''), '^devin-', '') as parent_session_id,
  internal.instant_of(r.created_at) as created_at,
  internal.instant_of(r.updated_at) as updated_at,
  case when isfinite(acus) then acus end as acus,
  try_cast(r.is_archived as boolean) as is_archived,
  nullif(r.pull_requests, 'null'::json) as pull_requests,
  nullif(r.tags, 'null'::json) as tags,
  record as raw,
  seen_at,
  seq,
  n
from typed
