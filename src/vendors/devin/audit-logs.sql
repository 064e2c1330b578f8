-- One audit event per record. What an action is about stands in `data`, whose fields differ from action to action.
with parsed as (
  select
    *,
    from_json(record, '{
      "action": "VARCHAR", "created_at": "VARCHAR", "org_id": "VARCHAR", "user_id": "VARCHAR", "user_email": "VARCHAR",
      "service_user_id": "VARCHAR", "service_user_name": "VARCHAR", "data": "JSON"
    }') as r,
    from_json(record -> '$.data', '{
      "target_user_id": "VARCHAR", "target_user_email": "VARCHAR", "target_email": "VARCHAR",
      "target_user_name": "VARCHAR", "user_id": "VARCHAR", "user_email": "VARCHAR", "email": "VARCHAR",
      "target_service_user_id": "VARCHAR", "service_user_id": "VARCHAR", "service_user_name": "VARCHAR",
      "session_id": "VARCHAR", "target_group_name": "VARCHAR", "idp_group_name": "VARCHAR", "group_name": "VARCHAR",
      "api_key_id": "VARCHAR", "api_key_name": "VARCHAR", "pat_id": "VARCHAR", "pat_name": "VARCHAR",
      "secret_id": "VARCHAR", "secret_name": "VARCHAR",
      "playbook_id": "VARCHAR", "playbook_name": "VARCHAR", "playbook_title": "VARCHAR",
      "knowledge_id": "VARCHAR", "note_id": "VARCHAR", "knowledge_name": "VARCHAR",
      "folder_id": "VARCHAR", "folder_name": "VARCHAR",
      "git_permission_id": "VARCHAR", "git_connection_id": "VARCHAR", "repo_path": "VARCHAR", "repo_name": "VARCHAR",
      "integration_id": "VARCHAR", "integration_name": "VARCHAR",
      "mcp_server_id": "VARCHAR", "mcp_server_name": "VARCHAR", "server_name": "VARCHAR",
      "role_id": "VARCHAR", "role_name": "VARCHAR",
      "target_org_id": "VARCHAR", "org_id": "VARCHAR", "org_name": "VARCHAR", "enterprise_id": "VARCHAR",
      "setting_type": "VARCHAR",
      "ip_address": "VARCHAR", "user_agent": "VARCHAR", "request_id": "VARCHAR"
    }') as d
  from records
),

timed as (
  select
    *,
    case
      when nullif(r.user_id, '') is not null or nullif(r.user_email, '') is not null then 'user'
      when nullif(r.service_user_id, '') is not null or nullif(r.service_user_name, '') is not null then 'service_user'
      else 'system'
    end as actor_type
  from parsed
),

-- What the action was done to: the first of these that `data` names. Whose they are comes before what they are
-- given, and a session before what it was started with.
targeted as (
  select
    *,
    list_filter([
      {'type': 'user', 'id': d.target_user_id, 'email': coalesce(d.target_user_email, d.target_email), 'name': d.target_user_name},
      {'type': 'service_user', 'id': coalesce(d.target_service_user_id, d.service_user_id), 'email': null, 'name': d.service_user_name},
      {'type': 'session', 'id': regexp_replace(d.session_id, '^devin-', ''), 'email': null, 'name': null},
      -- Groups have no id: their name is it.
      {'type': 'idp_group', 'id': coalesce(d.target_group_name, d.idp_group_name), 'email': null, 'name': coalesce(d.target_group_name, d.idp_group_name)},
      {'type': 'api_key', 'id': coalesce(d.api_key_id, d.pat_id), 'email': null, 'name': coalesce(d.api_key_name, d.pat_name)},
      {'type': 'secret', 'id': d.secret_id, 'email': null, 'name': d.secret_name},
      {'type': 'playbook', 'id': d.playbook_id, 'email': null, 'name': coalesce(d.playbook_name, d.playbook_title)},
      {'type': 'knowledge', 'id': coalesce(d.knowledge_id, d.note_id), 'email': null, 'name': d.knowledge_name},
      {'type': 'folder', 'id': d.folder_id, 'email': null, 'name': d.folder_name},
      {'type': 'git_permission', 'id': d.git_permission_id, 'email': null, 'name': d.repo_path},
      {'type': 'git_connection', 'id': d.git_connection_id, 'email': null, 'name': null},
      {'type': 'mcp_server', 'id': d.mcp_server_id, 'email': null, 'name': coalesce(d.mcp_server_name, d.server_name)},
      {'type': 'integration', 'id': d.integration_id, 'email': null, 'name': d.integration_name},
      {'type': 'repository', 'id': coalesce(d.repo_path, d.repo_name), 'email': null, 'name': coalesce(d.repo_path, d.repo_name)},
      {'type': 'role', 'id': d.role_id, 'email': null, 'name': d.role_name},
      {'type': 'org_group', 'id': d.group_name, 'email': null, 'name': d.group_name},
      -- Without a `target_` in their names they may as well say once more who did it.
      {'type': 'user', 'id': nullif(d.user_id, r.user_id), 'email': nullif(coalesce(d.user_email, d.email), r.user_email), 'name': null},
      {
        'type': 'organization',
        'id': coalesce(
          d.target_org_id, d.org_id,
          case when r.action in ('create_org', 'update_org', 'delete_org', 'update_org_settings') then r.org_id end
        ),
        'email': null, 'name': d.org_name
      },
      {'type': 'setting', 'id': d.setting_type, 'email': null, 'name': d.setting_type},
      {'type': 'enterprise', 'id': d.enterprise_id, 'email': null, 'name': null}
    ], lambda t: coalesce(nullif(t.id, ''), nullif(t.email, ''), nullif(t.name, '')) is not null)[1] as target
  from timed
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  -- Null where the event is the whole enterprise's.
  nullif(r.org_id, '') as organization_id,
  internal.instant_of(r.created_at) as occurred_at,
  nullif(r.action, '') as action,
  actor_type,
  case actor_type when 'user' then nullif(r.user_id, '') when 'service_user' then nullif(r.service_user_id, '') end as actor_id,
  case when actor_type = 'user' then nullif(r.user_email, '') end as actor_email,
  case when actor_type = 'service_user' then nullif(r.service_user_name, '') end as actor_name,
  target.type as target_type,
  nullif(target.id, '') as target_id,
  nullif(target.email, '') as target_email,
  nullif(target.name, '') as target_name,
  nullif(d.ip_address, '') as ip_address,
  nullif(d.user_agent, '') as user_agent,
  nullif(d.request_id, '') as request_id,
  nullif(r.data, 'null'::json) as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from targeted
