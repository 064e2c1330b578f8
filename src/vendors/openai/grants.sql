-- One role that somebody holds per row, in the organization or in a project. An owner administers; what any other role allows
-- is the customer's to define. An admin key reads and changes the organization whoever holds it.
select
  seq,
  n,
  case stream
    when 'users' then entity_type
    when 'service-accounts' then 'service_user'
    when 'admin-api-keys' then 'api_key'
    when 'project-groups' then 'team'
    when 'group-roles' then 'team'
    when 'project-group-roles' then 'team'
    else 'user'
  end as holder_type,
  case stream
    when 'project-users' then attributes ->> 'user_id'
    when 'user-roles' then attributes ->> 'user_id'
    when 'project-user-roles' then attributes ->> 'user_id'
    when 'project-groups' then attributes ->> 'team_id'
    when 'group-roles' then attributes ->> 'team_id'
    when 'project-group-roles' then attributes ->> 'team_id'
    else entity_id
  end as holder_id,
  case when stream not like '%-roles' then name end as holder_name,
  case stream
    when 'admin-api-keys' then 'admin'
    when 'project-groups' then 'member'
    when 'user-roles' then name
    when 'group-roles' then name
    when 'project-user-roles' then name
    when 'project-group-roles' then name
    else attributes ->> 'role'
  end as role,
  case when stream like '%-roles' then attributes ->> 'id' end as role_id,
  stream = 'admin-api-keys' or coalesce(lower(role) = 'owner', false) as is_admin,
  if(stream = 'service-accounts' or stream like 'project-%', 'project', 'organization') as scope_type,
  case when scope_type = 'project' then attributes ->> 'project_id' end as scope_id,
  case when stream = 'admin-api-keys' then internal.instant_of(attributes ->> 'expires_at') end as expires_at
from versions
where coalesce(role, role_id) is not null and coalesce(role, '') <> 'none'
