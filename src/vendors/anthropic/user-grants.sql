-- The role of a member in the organization. Four of them administer it, or who belongs to it.
select
  seq,
  n,
  'user' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  attributes ->> 'role' as role,
  coalesce((attributes ->> 'role') in ('admin', 'owner', 'primary_owner', 'membership_admin'), false) as is_admin,
  'organization' as scope_type,
  null::varchar as scope_id
from versions
where (attributes ->> 'role') is not null
