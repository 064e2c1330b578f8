select
  seq, n, 'service_user' as holder_type, entity_id as holder_id, name as holder_name, attributes ->> 'role' as role,
  (attributes ->> 'role') = 'root' as is_admin, 'enterprise' as scope_type
from versions
where (attributes ->> 'role') is not null
