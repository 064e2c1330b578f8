with assigned as (
  select *, unnest(from_json(attributes -> '$.roles', '[{"name": "VARCHAR", "in": "VARCHAR", "id": "VARCHAR", "until": "VARCHAR"}]')) as held
  from versions
)
select
  seq, n, 'user' as holder_type, entity_id as holder_id, name as holder_name,
  held.name as role, held.name = 'root' as is_admin, held."in" as scope_type, held.id as scope_id,
  try_cast(held.until as timestamptz) as expires_at
from assigned
