-- One event of ChatGPT per record, of a log of one type. What is changed in a workspace has names that no document lists: of the
-- other logs the type says what kind of thing was done.
with parsed as (
  select
    *,
    lower(coalesce(context ->> 'event_type', 'log')) as log,
    from_json(record, '{
      "event_type": "VARCHAR", "timestamp": "VARCHAR", "workspace_id": "VARCHAR", "client_id": "VARCHAR", "event_details": "JSON",
      "actor": {"type": "VARCHAR", "user_id": "VARCHAR", "user_email": "VARCHAR"},
      "principal": {"id": "VARCHAR", "type": "VARCHAR"}
    }') as r
  from records
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  coalesce(nullif(r.workspace_id, ''), nullif(r.principal.id, '')) as organization_id,
  internal.instant_of(r.timestamp) as occurred_at,
  'chatgpt.' || log || case when log = 'audit_log' and nullif(r.event_type, '') is not null then '.' || r.event_type else '' end as action,
  case r.actor.type when 'ACCOUNT_USER' then 'user' when 'API_KEY' then 'api_key' else 'unknown' end as actor_type,
  nullif(r.actor.user_id, '') as actor_id,
  nullif(r.actor.user_email, '') as actor_email,
  -- The program, by the vendor's name for it.
  nullif(r.client_id, '') as user_agent,
  json_merge_patch(
    case when json_type(r.event_details) = 'OBJECT' then r.event_details else '{}'::json end,
    case when nullif(r.event_type, '') is null then '{}'::json else json_object('event_type', r.event_type) end
  ) as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from parsed
