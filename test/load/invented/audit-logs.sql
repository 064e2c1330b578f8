select
  source || ':' || key as event_uid, key as event_id, source, vendor, organization_id, time as occurred_at,
  record ->> 'what' as action, coalesce(record ->> 'as', 'user') as actor_type, record ->> 'who' as actor_id,
  null::varchar as actor_email, null::varchar as actor_name,
  'session' as target_type, record ->> 'run' as target_id, null::varchar as target_email, null::varchar as target_name,
  null::varchar as ip_address, null::varchar as user_agent, null::varchar as request_id,
  record -> '$.why' as details, record as raw, raw_altered, seen_at, seq, n
from records
