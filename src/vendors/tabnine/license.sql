-- One version of the license per record. It is one thing, and carries no time of change: `iat` says when
-- the license was issued, not when a seat was added to it.
select
  source,
  vendor,
  stream,
  'license' as entity_type,
  key as entity_id,
  null::varchar as name,
  null::varchar as email,
  record as attributes,
  null::timestamptz as changed_at,
  seen_at,
  true as present,
  seq,
  n
from records
