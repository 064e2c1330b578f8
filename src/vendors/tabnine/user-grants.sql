-- The role of a user in the organization, and the team that the user is in. A user has one of each.
select
  seq,
  n,
  'user' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  attributes ->> 'role' as role,
  lower(attributes ->> 'role') = 'admin' as is_admin,
  'organization' as scope_type,
  null::varchar as scope_id
from versions
where (attributes ->> 'role') is not null
union all by name
select
  seq,
  n,
  'user' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  'member' as role,
  false as is_admin,
  'team' as scope_type,
  attributes ->> 'team_id' as scope_id
from versions
where (attributes ->> 'team_id') is not null
