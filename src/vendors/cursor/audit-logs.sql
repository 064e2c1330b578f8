-- One audit event per record. The actor is one text of ten forms, most of which are no address of a person; what an event is about
-- stands in `event_data`, whose fields differ from type to type and have changed their names.
with parsed as (
  select
    *,
    from_json(record, '{
      "event_id": "VARCHAR", "timestamp": "VARCHAR", "team_id": "VARCHAR", "ip_address": "VARCHAR", "user_email": "VARCHAR",
      "event_type": "VARCHAR", "application_type": "VARCHAR", "event_data": "JSON"
    }') as r,
    from_json(record -> '$.event_data', '{
      "user_email": "VARCHAR", "email": "VARCHAR", "user_id": "VARCHAR", "name": "VARCHAR",
      "group_id": "VARCHAR", "directory_group_id": "VARCHAR", "group_name": "VARCHAR",
      "service_account_id": "VARCHAR", "service_account_name": "VARCHAR",
      "api_key_id": "VARCHAR", "api_key_name": "VARCHAR", "key_name": "VARCHAR",
      "hook_id": "VARCHAR", "hook_name": "VARCHAR", "rule_id": "VARCHAR", "rule_name": "VARCHAR",
      "server_id": "VARCHAR", "server_name": "VARCHAR", "setting": "VARCHAR", "setting_name": "VARCHAR",
      "repository_id": "VARCHAR", "repo_url": "VARCHAR"
    }') as d
  from records
),

named as (
  select
    *,
    trim(coalesce(r.user_email, '')) as stated,
    nullif(r.event_data, 'null'::json) as details,
    lower(coalesce(nullif(d.user_email, ''), nullif(d.email, ''))) as target_address
  from parsed
),

kinds as (
  select
    *,
    case
      when starts_with(stated, 'Api Key:') then 'api_key'
      -- What works for somebody is not that person.
      when regexp_matches(stated, '^(Service Account|Bot|App):') then 'service_user'
      when stated in ('SCIM', 'System', 'Cursor', 'hi@cursor.com') then 'system'
      when contains(stated, '@') then 'user'
      else 'unknown'
    end as kind_of_actor,
    nullif(trim(regexp_replace(stated, '^(Api Key|Service Account|App):', '')), '') as named_actor
  from named
),

aimed as (
  select
    *,
    list_filter([
      {'type': 'user', 'id': coalesce(target_address, d.user_id), 'email': target_address, 'name': null},
      {'type': 'service_user', 'id': d.service_account_id, 'email': null, 'name': d.service_account_name},
      {'type': 'team', 'id': coalesce(nullif(d.group_id, ''), nullif(d.directory_group_id, '')), 'email': null, 'name': d.group_name},
      {'type': 'api_key', 'id': coalesce(d.api_key_id, d.api_key_name, d.key_name), 'email': null, 'name': coalesce(d.api_key_name, d.key_name)},
      {'type': 'hook', 'id': coalesce(d.hook_id, d.hook_name), 'email': null, 'name': d.hook_name},
      {'type': 'rule', 'id': coalesce(d.rule_id, d.rule_name), 'email': null, 'name': d.rule_name},
      {'type': 'mcp_server', 'id': coalesce(d.server_id, d.server_name), 'email': null, 'name': d.server_name},
      {'type': 'repository', 'id': coalesce(d.repository_id, d.repo_url), 'email': null, 'name': d.repo_url},
      {'type': 'setting', 'id': coalesce(d.setting, d.setting_name), 'email': null, 'name': coalesce(d.setting, d.setting_name)},
      {'type': r.event_type, 'id': d.name, 'email': null, 'name': d.name}
    ], lambda thing: nullif(thing.id, '') is not null)[1] as target
  from kinds
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  -- The log of an organization says of each event in which team it was, with an empty text for none.
  case when json_type(record, '$.team_id') is null then nullif(organization_id, '(not said)') else nullif(r.team_id, '') end as organization_id,
  coalesce(internal.instant_of(r.timestamp), case when r.timestamp is null then time end) as occurred_at,
  nullif(r.event_type, '') as action,
  kind_of_actor as actor_type,
  case kind_of_actor when 'user' then lower(stated) when 'unknown' then null else named_actor end as actor_id,
  case when contains(stated, '@') and kind_of_actor in ('user', 'system') then lower(stated) end as actor_email,
  case when kind_of_actor not in ('user', 'unknown') then named_actor end as actor_name,
  target.type as target_type,
  target.id as target_id,
  target.email as target_email,
  target.name as target_name,
  nullif(nullif(r.ip_address, ''), 'unknown') as ip_address,
  details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from aimed
