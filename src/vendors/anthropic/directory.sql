-- One version of a thing per record, of every list that shows things as they are now.
with parsed as (
  select
    *,
    from_json(record, '{
      "id": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "user_id": "VARCHAR", "archived_at": "VARCHAR", "updated_at": "VARCHAR",
      "action": "VARCHAR", "group_type": "VARCHAR", "models": ["VARCHAR"], "display_name": "VARCHAR"
    }') as r
  from records
)

select
  source,
  vendor,
  stream,
  case stream
    when 'organization' then 'organization'
    when 'users' then 'user'
    when 'invites' then 'invitation'
    when 'workspaces' then 'workspace'
    when 'workspace-members' then 'workspace_member'
    when 'api-keys' then 'api_key'
    when 'recording' then 'setting'
    when 'groups' then 'team'
    when 'group-members' then 'team_member'
    when 'roles' then 'role'
    when 'role-permissions' then 'role_permission'
    when 'rate-limits' then 'rate_limit'
    when 'workspace-rate-limits' then 'workspace_rate_limit'
    when 'external-keys' then 'external_key'
  end as entity_type,
  if(stream = 'organization', coalesce(nullif(r.id, ''), key), key) as entity_id,
  if(stream = 'recording', 'activity recording', coalesce(nullif(r.name, ''), nullif(r.display_name, ''), nullif(r.action, ''), r.models[1], nullif(r.group_type, ''))) as name,
  nullif(r.email, '') as email,
  json_merge_patch(
    -- What moves by itself is no new version of a thing.
    if(stream = 'external-keys', json_merge_patch(record, '{"last_validated_at": null, "last_used_at": null}'), record),
    json_merge_patch('{}', json_object(
    -- The lists of members, groups and workspaces say it in no field, or in one of another name.
    'status', case
      when stream = 'users' then 'active'
      when stream = 'workspaces' then if(nullif(r.archived_at, '') is null, 'active', 'archived')
    end,
    'team_id', case when stream = 'group-members' then context ->> 'group_id' end,
    'workspace_id', case when stream = 'workspace-rate-limits' then context ->> 'workspace_id' end,
    'role_id', case when stream = 'role-permissions' then context ->> 'role_id' end
  ))) as attributes,
  internal.instant_of(r.updated_at) as changed_at,
  seen_at,
  true as present,
  seq,
  n
from parsed
