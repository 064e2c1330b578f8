-- One version of a thing per record, of every list and setting. What moves by itself (when a key was last used) makes no
-- version; the end of a key that the vendor shows is left out as well.
with parsed as (
  select
    *,
    from_json(record, '{
      "name": "VARCHAR", "email": "VARCHAR", "model": "VARCHAR", "group_name": "VARCHAR",
      "is_service_account": "BOOLEAN", "user_id": "VARCHAR"
    }') as r,
    context ->> 'project_id' as project,
    context ->> 'group_id' as team,
    context ->> 'user_id' as person,
    -- What the record is about, without the one that was asked about.
    internal.id_of(regexp_replace(key, '^[^/]*/', '')) as member
  from records
)

select
  source,
  vendor,
  stream,
  case stream
    -- Older service accounts are listed as if they were people.
    when 'users' then if(r.is_service_account, 'service_user', 'user')
    when 'invites' then 'invitation'
    when 'projects' then 'project'
    when 'project-users' then 'project_member'
    when 'service-accounts' then 'service_user'
    when 'api-keys' then 'api_key'
    when 'admin-api-keys' then 'api_key'
    when 'groups' then 'team'
    when 'group-users' then 'team_member'
    when 'project-groups' then 'project_team'
    when 'roles' then 'role'
    when 'project-roles' then 'project_role'
    when 'group-roles' then 'team_role'
    when 'user-roles' then 'user_role'
    when 'project-group-roles' then 'project_team_role'
    when 'project-user-roles' then 'project_user_role'
    when 'certificates' then 'certificate'
    when 'rate-limits' then 'rate_limit'
    when 'data-retention' then 'data_retention'
    when 'project-data-retention' then 'project_data_retention'
    when 'spend-limit' then 'spend_limit'
    when 'spend-alerts' then 'spend_alert'
    when 'project-spend-limits' then 'project_spend_limit'
    when 'project-spend-alerts' then 'project_spend_alert'
    when 'model-permissions' then 'model_permissions'
    when 'hosted-tool-permissions' then 'hosted_tool_permissions'
  end as entity_type,
  key as entity_id,
  coalesce(nullif(r.name, ''), nullif(r.group_name, ''), case when stream = 'rate-limits' then nullif(r.model, '') end) as name,
  nullif(r.email, '') as email,
  json_merge_patch(
    record,
    json_object('last_used_at', null, 'api_key_last_used_at', null, 'redacted_value', null),
    -- A patch takes away what is null: only what was asked about is added.
    case when project is null then '{}'::json else json_object('project_id', project) end,
    case when team is null then '{}'::json else json_object('team_id', team) end,
    case when person is null then '{}'::json else json_object('user_id', person) end,
    case when stream in ('project-users', 'group-users') then json_object('user_id', member) else '{}'::json end,
    case when stream = 'project-groups' then json_object('team_id', member) else '{}'::json end
  ) as attributes,
  seen_at,
  true as present,
  seq,
  n
from parsed
