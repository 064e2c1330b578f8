-- The roles of a group. How the list names a role is not documented: by its id, or as an object.
with given as (
  select *, unnest(from_json(attributes -> '$.roles', '["JSON"]')) as given_role
  from versions
  where json_type(attributes -> '$.roles') = 'ARRAY'
)
select
  seq,
  n,
  'team' as holder_type,
  entity_id as holder_id,
  name as holder_name,
  case when json_type(given_role) = 'OBJECT' then given_role ->> 'name' end as role,
  case when json_type(given_role) = 'OBJECT' then given_role ->> 'id' else given_role ->> '$' end as role_id,
  false as is_admin,
  'organization' as scope_type,
  null::varchar as scope_id
from given
where coalesce(role, role_id) is not null
