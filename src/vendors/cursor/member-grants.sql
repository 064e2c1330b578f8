-- The role of a member in the team per version.
select
  seq,
  n,
  'user' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  attributes ->> 'role' as role,
  lower(attributes ->> 'role') in ('owner', 'free-owner') as is_admin,
  'organization' as scope_type,
  null::varchar as scope_id
from versions
where (attributes ->> 'role') is not null
