-- Who is in the organization, and who owns it: the lists say so, not their records.
select
  seq,
  n,
  'user' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  if(entity_type = 'organization_owner', 'owner', 'member') as role,
  entity_type = 'organization_owner' as is_admin,
  'organization' as scope_type,
  null::varchar as scope_id
from versions
