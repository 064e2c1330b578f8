-- One assignment of a role per row, in all of the enterprise or in one organization, whichever list has it. Two roles
-- come with every enterprise and administer it, or one of its organizations. What any other allows is the customer's to define.
with assigned as (
  select
    *,
    unnest(list_concat(
      from_json(attributes -> '$.role_assignments', '[{"role": {"role_id": "VARCHAR", "role_name": "VARCHAR"}, "org_id": "VARCHAR"}]'),
      from_json(attributes -> '$.idp_role_assignments', '[{"role": {"role_id": "VARCHAR", "role_name": "VARCHAR"}, "org_id": "VARCHAR"}]')
    )) as assignment
  from versions
  -- A deleted service user is still listed, with the roles it had.
  where (attributes ->> 'deleted_at') is null
)
select
  seq,
  n,
  if(entity_type = 'idp_user', 'user', entity_type) as holder_type,
  entity_id as holder_id,
  name as holder_name,
  assignment.role.role_name as role,
  assignment.role.role_id as role_id,
  coalesce(assignment.role.role_id in ('account_admin', 'org_admin'), false) as is_admin,
  if(assignment.org_id is null, 'enterprise', 'organization') as scope_type,
  assignment.org_id as scope_id
from assigned
where coalesce(assignment.role.role_name, assignment.role.role_id) is not null
