-- One assignment of a role or a team per row. It is held since the first version of the present, uninterrupted
-- run of versions that have it.
create view access_grants as
with versions as (
  select
    *,
    row_number() over entity as version,
    count(*) over (partition by source, entity_type, entity_id) as versions
  from dated_versions
  where entity_type in ('user', 'permission', 'team_member', 'idp_user', 'idp_group', 'service_user')
  window entity as (partition by source, entity_type, entity_id order by seq, n)
),
-- Nothing is held by who is deactivated or deleted.
holding as (
  select *, if(entity_type = 'team_member', attributes ->> 'user_id', entity_id) as holder_id
  from versions
  where present
    and coalesce(attributes ->> 'status', 'active') = 'active'
    and (attributes ->> 'deleted_at') is null
),
assigned as (
  select
    *,
    unnest(list_concat(
      from_json(attributes -> '$.role_assignments', '[{"role": {"role_id": "VARCHAR", "role_name": "VARCHAR"}, "org_id": "VARCHAR"}]'),
      from_json(attributes -> '$.idp_role_assignments', '[{"role": {"role_id": "VARCHAR", "role_name": "VARCHAR"}, "org_id": "VARCHAR"}]')
    )) as assignment
  from holding
  where vendor = 'devin'
),
held as (
  select
    * exclude (assignment, attributes),
    coalesce(assignment.role.role_name, assignment.role.role_id) as role,
    if(assignment.org_id is null, 'enterprise', 'organization') as scope_type,
    assignment.org_id as scope_id
  from assigned
  where coalesce(assignment.role.role_name, assignment.role.role_id) is not null
  union all by name
  select * exclude (attributes), attributes ->> 'role' as role, 'organization' as scope_type, null as scope_id
  from holding
  where vendor = 'tabnine' and entity_type in ('user', 'permission') and (attributes ->> 'role') is not null
  union all by name
  select * exclude (attributes), 'member' as role, 'team' as scope_type, attributes ->> 'team_id' as scope_id
  from holding
  where vendor = 'tabnine' and entity_type in ('user', 'team_member') and (attributes ->> 'team_id') is not null
),
-- Of one that is listed twice in a version the first is taken.
counted as (
  select *, version - row_number() over (
    partition by source, entity_type, entity_id, role, scope_type, scope_id order by version
  ) as run
  from held
  qualify row_number() over (
    partition by source, entity_type, entity_id, role, scope_type, scope_id, version order by n
  ) = 1
),
current_runs as (
  select
    source, vendor, entity_type, entity_id, role, scope_type, scope_id,
    any_value(holder_id) as holder_id,
    arg_max(name, version) as name,
    min(valid_from) as since
  from counted
  group by source, vendor, entity_type, entity_id, role, scope_type, scope_id, run, versions
  having max(version) = versions
),
holders as (
  select
    c.source, c.vendor,
    if(c.entity_type in ('service_user', 'idp_group'), c.entity_type, 'user') as holder_type,
    if(c.entity_type = 'permission', k.user_id, c.holder_id) as holder_id,
    c.name, c.role, c.scope_type, c.scope_id, c.since
  from current_runs c
  left join unique_user_names k on c.entity_type = 'permission' and k.source = c.source and k.username = lower(c.name)
),
-- The same by two lists is one.
grants as (
  select
    source, vendor, holder_type, holder_id, any_value(name) as name, role, scope_type, scope_id, min(since) as since
  from holders
  group by source, vendor, holder_type, holder_id, if(holder_id is null, name, null), role, scope_type, scope_id
),
things_now as (
  select source, entity_type, entity_id, name
  from entity_history
  where entity_type in ('organization', 'team') and valid_to is null
),
-- Of an account that has one organization only, whoever holds something holds it there.
only_organizations as (
  select source, any_value(entity_id) as entity_id
  from things_now
  where entity_type = 'organization'
  group by source
  having count(*) = 1
)
select
  g.source,
  g.vendor,
  g.holder_type,
  g.holder_id,
  coalesce(u.name, g.name) as holder_name,
  u.email as holder_email,
  g.role,
  g.scope_type,
  coalesce(g.scope_id, o.entity_id) as scope_id,
  t.name as scope_name,
  g.since
from grants g
left join users u on u.source = g.source and u.user_id = g.holder_id and g.holder_type = 'user'
left join only_organizations o on o.source = g.source and g.scope_type = 'organization'
left join things_now t
  on t.source = g.source and t.entity_type = g.scope_type and t.entity_id = coalesce(g.scope_id, o.entity_id);
