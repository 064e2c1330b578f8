with parsed as (
  select
    *,
    from_json(record, '{
      "kind": "VARCHAR", "by": {"id": "VARCHAR", "email": "VARCHAR"}, "on": {"type": "VARCHAR", "id": "VARCHAR"}, "more": "JSON"
    }') as r
  from records
)
select
  source || ':' || key as event_uid,
  key as event_id,
  source,
  vendor,
  organization_id,
  time as occurred_at,
  r.kind as action,
  'user' as actor_type,
  r.by.id as actor_id,
  r.by.email as actor_email,
  r.on.type as target_type,
  r.on.id as target_id,
  r.more as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from parsed
