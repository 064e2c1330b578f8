-- One prompt or answer of an agent session per record.
with parsed as (
  select
    *,
    from_json(record, '{
      "@timestamp": "VARCHAR", "type": "VARCHAR", "user_id": "VARCHAR", "enterprise_id": "VARCHAR",
      "github_request_id": "VARCHAR", "endpoint": "VARCHAR"
    }') as r
  from records
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  internal.instant_of(r."@timestamp") as occurred_at,
  'copilot_usage_record.' || coalesce(nullif(r.type, ''), 'unknown') as action,
  if(nullif(r.user_id, '') is null, 'unknown', 'user') as actor_type,
  nullif(r.user_id, '') as actor_id,
  'enterprise' as target_type,
  nullif(r.enterprise_id, '') as target_id,
  nullif(r.github_request_id, '') as request_id,
  json_object('endpoint', r.endpoint) as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from parsed
