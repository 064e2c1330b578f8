-- One holder of a role in the organization per version. The list of permissions has user names only.
select
  seq,
  n,
  'user' as holder_type,
  name as holder_name,
  attributes ->> 'role' as role,
  lower(attributes ->> 'role') = 'admin' as is_admin,
  'organization' as scope_type,
  null::varchar as scope_id
from versions
where (attributes ->> 'role') is not null
