select
  source, vendor, stream, 'license' as entity_type, key as entity_id, null::varchar as name, null::varchar as email,
  json_object('seats', record -> '$.chairs', 'seats_cap', record -> '$.room', 'expires_at', record -> '$.ends') as attributes,
  null::timestamptz as changed_at, seen_at, true as present, seq, n
from records
