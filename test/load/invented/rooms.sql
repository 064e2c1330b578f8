-- A room says itself who is in it and who administers it, by user name.
select
  source, vendor, stream, 'team' as entity_type, key as entity_id, record ->> 'name' as name, null::varchar as email,
  record as attributes, null::timestamptz as changed_at, seen_at, true as present, seq, n
from records
