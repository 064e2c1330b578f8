-- The role of a member in one workspace. Who administers the organization has all of them without being listed.
select
  seq,
  n,
  'user' as holder_type,
  attributes ->> 'user_id' as holder_id,
  attributes ->> 'workspace_role' as role,
  coalesce((attributes ->> 'workspace_role') = 'workspace_admin', false) as is_admin,
  'workspace' as scope_type,
  attributes ->> 'workspace_id' as scope_id
from versions
where (attributes ->> 'workspace_role') is not null
