-- One audit event per record, of either half of the log. What was done stands under a property that is named like the
-- event's type, dots and all; newer types may have it under `details`. An update says what was asked for, not what was
-- before.
with parsed as (
  select
    *,
    from_json(record, '{
      "type": "VARCHAR", "effective_at": "VARCHAR", "project": "JSON",
      "actor": {
        "type": "VARCHAR",
        "session": {"user": {"id": "VARCHAR", "email": "VARCHAR"}, "ip_address": "VARCHAR", "user_agent": "VARCHAR"},
        "api_key": {
          "id": "VARCHAR", "type": "VARCHAR",
          "user": {"id": "VARCHAR", "email": "VARCHAR"}, "service_account": {"id": "VARCHAR"}
        }
      }
    }') as r
  from records
),

detailed as (
  select
    *,
    coalesce(
      case when regexp_full_match(r.type, '[A-Za-z0-9_.]+') then json_extract(record, '$."' || r.type || '"') end,
      record -> '$.details'
    ) as payload,
    -- `tenant.group.member.added` is about a group_member, as far as its name says.
    replace(regexp_extract(r.type, '^(?:tenant\.)?(.+)\.[^.]+$', 1), '.', '_') as subject
  from parsed
),

named as (
  select
    *,
    from_json(payload, '{
      "id": "VARCHAR", "user_id": "VARCHAR", "email": "VARCHAR", "name": "VARCHAR", "group_id": "VARCHAR", "group_name": "VARCHAR",
      "principal_id": "VARCHAR", "principal_type": "VARCHAR", "resource_id": "VARCHAR", "resource_type": "VARCHAR",
      "data": {"email": "VARCHAR", "name": "VARCHAR", "title": "VARCHAR"}
    }') as d
  from detailed
),

targeted as (
  select
    *,
    case
      when subject in ('role_assignment', 'resource_role_assignment') and nullif(d.principal_id, '') is not null
        then coalesce(nullif(d.principal_type, ''), 'principal')
      when subject in ('invite', 'api_organization_invite', 'chatgpt_workspace_invite') then 'invitation'
      when subject in ('service_account', 'service_account_token') then 'service_user'
      when subject in ('project_api_key', 'admin_api_key') then 'api_key'
      -- What a role was bound to.
      when subject = 'role' and r.type like '%bound%' then coalesce(nullif(d.resource_type, ''), 'resource')
      when subject = 'group_member' then 'user'
      when subject = 'membership' then 'user'
      when subject = 'group' then 'team'
      else nullif(subject, '')
    end as kind,
    case
      when subject in ('role_assignment', 'resource_role_assignment') then coalesce(nullif(d.principal_id, ''), nullif(d.id, ''))
      when subject in ('group_member', 'membership') then coalesce(nullif(d.user_id, ''), nullif(d.id, ''))
      else coalesce(nullif(d.id, ''), nullif(d.resource_id, ''))
    end as target_id,
    coalesce(nullif(d.email, ''), nullif(d.data.email, '')) as target_email,
    coalesce(nullif(d.name, ''), nullif(d.data.name, ''), nullif(d.data.title, '')) as target_name
  from named
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  -- There is one organization per account, and its id is in no answer.
  internal.instant_of(r.effective_at) as occurred_at,
  nullif(r.type, '') as action,
  case r.actor.type when 'session' then 'user' when 'api_key' then 'api_key' else 'unknown' end as actor_type,
  case r.actor.type
    when 'session' then nullif(r.actor.session.user.id, '') when 'api_key' then nullif(r.actor.api_key.id, '')
  end as actor_id,
  -- Of a key, whose it is.
  case r.actor.type
    when 'session' then nullif(r.actor.session.user.email, '') when 'api_key' then nullif(r.actor.api_key.user.email, '')
  end as actor_email,
  -- In our words for what the lists have as well.
  case when coalesce(target_id, target_email, target_name) is not null
    then case kind when 'service_account' then 'service_user' when 'group' then 'team' else kind end
  end as target_type,
  target_id,
  target_email,
  target_name,
  nullif(r.actor.session.ip_address, '') as ip_address,
  nullif(r.actor.session.user_agent, '') as user_agent,
  -- With the project that the event is booked on. Of what an admin key did, that is the default project.
  case
    when json_type(r.project) = 'OBJECT' then json_merge_patch(
      case when json_type(payload) = 'OBJECT' then payload else '{}'::json end, json_object('project', r.project)
    )
    else nullif(payload, 'null'::json)
  end as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from targeted
