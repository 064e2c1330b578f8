-- A person, with the roles that they hold in places of all kinds.
select
  source, vendor, stream, 'user' as entity_type, key as entity_id,
  record ->> 'name' as name, record ->> 'mail' as email,
  json_merge_patch(record, json_object('status', if(record ->> 'left' = 'true', 'deactivated', 'active'))) as attributes,
  null::timestamptz as changed_at, seen_at, true as present, seq, n
from records
