-- One version of a blocked repository per record.
select
  source,
  vendor,
  stream,
  'repo_blocklist' as entity_type,
  key as entity_id,
  nullif(record ->> 'url', '') as name,
  record as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
