-- One version of a pending invitation per record. It is absent once it was accepted, revoked or forgotten.
with parsed as (
  select *, from_json(record, '{"email": "VARCHAR", "createdAt": "VARCHAR"}') as r
  from records
)

select
  source,
  vendor,
  stream,
  'invitation' as entity_type,
  key as entity_id,
  nullif(r.email, '') as email,
  record as attributes,
  internal.instant_of(r.createdAt) as changed_at,
  seen_at,
  true as present,
  seq,
  n
from parsed
