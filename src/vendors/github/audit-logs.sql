-- One audit event per record. Nothing but the action is certain, and what is special to an action stands flat among the rest.
with parsed as (
  select
    *,
    from_json(record, '{
      "@timestamp": "VARCHAR", "created_at": "VARCHAR", "action": "VARCHAR", "operation_type": "VARCHAR",
      "actor": "VARCHAR", "actor_id": "VARCHAR", "actor_is_bot": "BOOLEAN", "actor_is_agent": "BOOLEAN",
      "user": "VARCHAR", "user_id": "VARCHAR", "actor_ip": "VARCHAR", "user_agent": "VARCHAR", "request_id": "VARCHAR",
      "external_identity_nameid": "VARCHAR",
      "org": "JSON", "org_id": "JSON", "business": "JSON", "business_id": "JSON",
      "repo": "VARCHAR", "repository": "VARCHAR", "repo_id": "VARCHAR", "repository_id": "VARCHAR",
      "team": "VARCHAR", "team_id": "VARCHAR", "name": "VARCHAR", "integration": "VARCHAR", "integration_id": "VARCHAR",
      "oauth_application": "VARCHAR", "oauth_application_id": "VARCHAR", "hook_id": "VARCHAR",
      "user_programmatic_access_name": "VARCHAR", "user_programmatic_access_id": "VARCHAR", "token_id": "VARCHAR",
      "key": "VARCHAR", "pull_request_id": "VARCHAR", "pull_request_title": "VARCHAR",
      "data": {"team": "VARCHAR", "old_user": "VARCHAR"}
    }') as r
  from records
),

named as (
  select
    *,
    nullif(r.action, '') as action,
    coalesce(r.actor_is_agent, false) as is_agent,
    nullif(r.actor_id, '') as actor_id,
    nullif(r.actor, '') as actor_name,
    -- One event may be of several organizations, and then of no single one.
    if(json_type(r.org_id) = 'ARRAY', if(json_array_length(r.org_id) = 1, r.org_id ->> '$[0]', null), r.org_id ->> '$') as org_id,
    if(json_type(r.org) = 'ARRAY', if(json_array_length(r.org) = 1, r.org ->> '$[0]', null), r.org ->> '$') as org_name,
    if(json_type(r.business_id) = 'ARRAY', r.business_id ->> '$[0]', r.business_id ->> '$') as business_id,
    if(json_type(r.business) = 'ARRAY', r.business ->> '$[0]', r.business ->> '$') as business_name,
    -- Of a session of an agent it is who began it.
    case
      when coalesce(r.actor_is_agent, false) then false
      when r.user_id is not null and r.actor_id is not null then r.user_id <> r.actor_id
      else coalesce(r."user" <> coalesce(r.actor, ''), false)
    end as is_about_another,
    nullif(r.external_identity_nameid, '') as identity_name
  from parsed
),

-- What the action was done to: the first of these that the event names.
targeted as (
  select
    *,
    list_filter([
      case when starts_with(action, 'personal_access_token') then {
        'type': 'api_key', 'id': coalesce(r.user_programmatic_access_id, r.token_id), 'email': null::varchar,
        'name': r.user_programmatic_access_name
      } end,
      case when is_about_another then {
        'type': 'user', 'id': r.user_id, 'email': if(identity_name like '%@%', identity_name, null), 'name': r."user"
      } end,
      {'type': 'pull_request', 'id': r.pull_request_id, 'email': null, 'name': r.pull_request_title},
      {'type': 'team', 'id': r.team_id, 'email': null, 'name': coalesce(r.team, r.data.team)},
      {'type': 'hook', 'id': r.hook_id, 'email': null, 'name': null},
      {'type': 'secret', 'id': case when action like '%secret%' then r.key end, 'email': null, 'name': case when action like '%secret%' then r.key end},
      {'type': 'app', 'id': coalesce(r.integration_id, r.oauth_application_id), 'email': null, 'name': coalesce(r.integration, r.oauth_application)},
      {
        'type': 'repository', 'id': coalesce(r.repo_id, r.repository_id), 'email': null,
        'name': coalesce(r.repo, r.repository)
      },
      {'type': 'organization', 'id': org_id, 'email': null, 'name': org_name},
      {'type': 'enterprise', 'id': business_id, 'email': null, 'name': business_name}
    ], lambda t: t is not null and coalesce(nullif(t.id, ''), nullif(t.name, '')) is not null)[1] as target
  from named
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  coalesce(nullif(org_id, ''), nullif(org_name, '')) as organization_id,
  coalesce(internal.instant_of(r."@timestamp"), internal.instant_of(r.created_at)) as occurred_at,
  action,
  case
    when is_agent then 'system'
    when coalesce(r.actor_is_bot, false) or actor_name like '%[bot]' then 'service_user'
    when actor_id is not null or actor_name is not null then 'user'
    else 'unknown'
  end as actor_type,
  actor_id,
  -- It is the name of who was removed where somebody else was.
  case when not is_agent and not is_about_another and identity_name like '%@%' then identity_name end as actor_email,
  actor_name,
  target.type as target_type,
  coalesce(nullif(target.id, ''), nullif(target.name, '')) as target_id,
  target.email as target_email,
  nullif(target.name, '') as target_name,
  nullif(r.actor_ip, '') as ip_address,
  nullif(r.user_agent, '') as user_agent,
  nullif(r.request_id, '') as request_id,
  json_merge_patch(record, '{
    "@timestamp": null, "created_at": null, "_document_id": null, "action": null, "actor": null, "actor_id": null,
    "actor_ip": null, "user_agent": null, "request_id": null, "hashed_token": null
  }') as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from targeted
