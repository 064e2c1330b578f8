-- One audit event per activity. Its fields stand next to one another, whatever they are about; the actor alone is an object, of a kind that it
-- names. Both lists of kinds are open.
with parsed as (
  select
    *,
    from_json(record, '{
      "type": "VARCHAR", "created_at": "VARCHAR", "accessed_at": "VARCHAR", "organization_id": "VARCHAR", "organization_uuid": "VARCHAR",
      "request_id": "VARCHAR",
      "target_user_id": "VARCHAR", "user_id": "VARCHAR", "target_user_email": "VARCHAR", "user_email": "VARCHAR", "target_email": "VARCHAR",
      "member_id": "VARCHAR", "member_email": "VARCHAR", "invite_id": "VARCHAR", "invited_email": "VARCHAR", "invitee_email": "VARCHAR", "email": "VARCHAR",
      "api_key_id": "VARCHAR", "admin_api_key_id": "VARCHAR", "scoped_api_key_id": "VARCHAR", "service_key_id": "VARCHAR",
      "signing_key_id": "VARCHAR", "external_key_id": "VARCHAR", "credential_id": "VARCHAR", "tunnel_token_id": "VARCHAR",
      "service_account_id": "VARCHAR", "group_id": "VARCHAR", "group_name": "VARCHAR", "role_id": "VARCHAR", "role_name": "VARCHAR",
      "session_id": "VARCHAR", "claude_chat_id": "VARCHAR", "claude_project_id": "VARCHAR", "claude_file_id": "VARCHAR",
      "claude_artifact_id": "VARCHAR", "artifact_id": "VARCHAR", "chat_id": "VARCHAR", "project_id": "VARCHAR", "file_id": "VARCHAR",
      "filename": "VARCHAR", "skill_id": "VARCHAR", "skill_name": "VARCHAR", "plugin_id": "VARCHAR", "plugin_name": "VARCHAR",
      "mcp_server_id": "VARCHAR", "mcp_server_name": "VARCHAR", "server_name": "VARCHAR", "marketplace_id": "VARCHAR",
      "environment_id": "VARCHAR", "workspace_id": "VARCHAR", "workspace_name": "VARCHAR", "domain": "VARCHAR", "connection_id": "VARCHAR",
      "previous_role": "VARCHAR", "current_role": "VARCHAR"
    }') as r,
    from_json(record -> '$.actor', '{
      "type": "VARCHAR", "user_id": "VARCHAR", "email_address": "VARCHAR", "unauthenticated_email_address": "VARCHAR",
      "api_key_id": "VARCHAR", "admin_api_key_id": "VARCHAR", "service_account_id": "VARCHAR", "service": "VARCHAR",
      "directory_id": "VARCHAR", "issuer": "VARCHAR", "subject": "VARCHAR", "provider": "VARCHAR",
      "ip_address": "VARCHAR", "user_agent": "VARCHAR"
    }') as a,
    -- The first changed setting stands for all of them.
    record ->> '$.updates[0].type' as first_setting
  from records
),

acted as (
  select
    *,
    case
      when a.type in ('user_actor', 'unauthenticated_user_actor') then 'user'
      when a.type in ('api_actor', 'admin_api_key_actor') then 'api_key'
      when a.type in ('service_account_actor', 'federated_identity_actor', 'federated_actor') then 'service_user'
      when a.type in ('system_actor', 'scim_directory_sync_actor', 'anthropic_actor') then 'system'
      else 'unknown'
    end as actor_type
  from parsed
),

-- What was done to whom or what: the first of these that the activity names. A person comes before what the person was given.
targeted as (
  select
    *,
    list_filter([
      {
        'type': 'user', 'id': coalesce(r.target_user_id, r.user_id, r.member_id),
        'email': coalesce(r.target_user_email, r.user_email, r.target_email, r.member_email), 'name': null
      },
      {'type': 'invitation', 'id': r.invite_id, 'email': coalesce(r.invited_email, r.invitee_email, r.email), 'name': null},
      {'type': 'api_key', 'id': coalesce(r.api_key_id, r.admin_api_key_id, r.scoped_api_key_id, r.service_key_id), 'email': null, 'name': null},
      {'type': 'service_user', 'id': r.service_account_id, 'email': null, 'name': null},
      {'type': 'credential', 'id': coalesce(r.credential_id, r.signing_key_id, r.external_key_id, r.tunnel_token_id), 'email': null, 'name': null},
      {'type': 'team', 'id': r.group_id, 'email': null, 'name': r.group_name},
      {'type': 'role', 'id': r.role_id, 'email': null, 'name': r.role_name},
      {'type': 'session', 'id': r.session_id, 'email': null, 'name': null},
      {'type': 'artifact', 'id': coalesce(r.claude_artifact_id, r.artifact_id), 'email': null, 'name': null},
      {'type': 'file', 'id': coalesce(r.claude_file_id, r.file_id), 'email': null, 'name': r.filename},
      {'type': 'chat', 'id': coalesce(r.claude_chat_id, r.chat_id), 'email': null, 'name': null},
      {'type': 'project', 'id': coalesce(r.claude_project_id, r.project_id), 'email': null, 'name': null},
      {'type': 'skill', 'id': r.skill_id, 'email': null, 'name': r.skill_name},
      {'type': 'plugin', 'id': r.plugin_id, 'email': null, 'name': r.plugin_name},
      {'type': 'mcp_server', 'id': r.mcp_server_id, 'email': null, 'name': coalesce(r.mcp_server_name, r.server_name)},
      {'type': 'marketplace', 'id': r.marketplace_id, 'email': null, 'name': null},
      {'type': 'environment', 'id': r.environment_id, 'email': null, 'name': null},
      {'type': 'workspace', 'id': r.workspace_id, 'email': null, 'name': r.workspace_name},
      {'type': 'domain', 'id': r.domain, 'email': null, 'name': r.domain},
      {'type': 'sso_connection', 'id': r.connection_id, 'email': null, 'name': null},
      {'type': 'setting', 'id': first_setting, 'email': null, 'name': first_setting}
    ], lambda t: coalesce(nullif(t.id, ''), nullif(t.email, ''), nullif(t.name, '')) is not null)[1] as target,
    nullif(json_merge_patch(
      json_merge_patch(record, '{"id": null, "type": null, "created_at": null, "organization_id": null, "organization_uuid": null, "actor": null}'),
      json_merge_patch('{}', json_object(
        'role', case when r.type = 'claude_user_role_updated' then r.current_role end,
        -- Reading the feed is recorded in it: what this program asked for is told from what others did.
        'own_reading', case when r.type = 'compliance_api_accessed' and starts_with(a.user_agent, 'auditlake/') then true end
      ))
    ), '{}'::json) as details
  from acted
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  -- Null where it concerns no single one: signing in, or calls to the Compliance API.
  coalesce(nullif(r.organization_uuid, ''), nullif(r.organization_id, '')) as organization_id,
  -- Access by the vendor's own people is recorded after it happened.
  coalesce(internal.instant_of(r.accessed_at), internal.instant_of(r.created_at)) as occurred_at,
  nullif(r.type, '') as action,
  actor_type,
  case actor_type
    when 'user' then nullif(a.user_id, '')
    when 'api_key' then coalesce(nullif(a.api_key_id, ''), nullif(a.admin_api_key_id, ''))
    when 'service_user' then coalesce(nullif(a.service_account_id, ''), nullif(a.subject, ''))
    when 'system' then nullif(a.directory_id, '')
  end as actor_id,
  coalesce(nullif(a.email_address, ''), nullif(a.unauthenticated_email_address, '')) as actor_email,
  case a.type
    when 'system_actor' then nullif(a.service, '')
    when 'anthropic_actor' then 'Anthropic'
    when 'scim_directory_sync_actor' then 'directory sync'
    when 'federated_identity_actor' then nullif(a.issuer, '')
    when 'federated_actor' then nullif(a.provider, '')
  end as actor_name,
  target.type as target_type,
  nullif(target.id, '') as target_id,
  nullif(target.email, '') as target_email,
  nullif(target.name, '') as target_name,
  nullif(a.ip_address, '') as ip_address,
  nullif(a.user_agent, '') as user_agent,
  nullif(r.request_id, '') as request_id,
  details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from targeted
