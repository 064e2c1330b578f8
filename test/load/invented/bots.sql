select
  source, vendor, stream, coalesce(record ->> 'kind', 'service_user') as entity_type, key as entity_id, record ->> 'name' as name,
  null::varchar as email, record as attributes, null::timestamptz as changed_at, seen_at, true as present, seq, n
from records
