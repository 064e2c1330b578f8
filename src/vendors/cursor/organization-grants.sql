-- The roles of a member per version: one in the organization, and one in each team.
select
  seq,
  n,
  'user' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  attributes ->> 'organizationRole' as role,
  lower(attributes ->> 'organizationRole') = 'admin' as is_admin,
  'enterprise' as scope_type,
  null::varchar as scope_id
from versions
where (attributes ->> 'organizationRole') is not null
union all by name
select
  v.seq,
  v.n,
  'user' as holder_type,
  v.entity_id as holder_id,
  v.name as holder_name,
  t.value ->> 'teamRole' as role,
  lower(t.value ->> 'teamRole') in ('owner', 'free-owner', 'admin') as is_admin,
  'organization' as scope_type,
  t.value ->> 'teamId' as scope_id
from versions v, json_each(v.attributes -> '$.teams') t
where json_type(v.attributes -> '$.teams') = 'ARRAY' and (t.value ->> 'teamRole') is not null
