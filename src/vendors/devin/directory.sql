-- One version of a thing per record, of every list that shows things as they are now.
with parsed as (
  select
    *,
    from_json(record, '{
      "name": "VARCHAR", "email": "VARCHAR", "idp_group_name": "VARCHAR", "role_name": "VARCHAR", "host": "VARCHAR",
      "repo_path": "VARCHAR", "repo_name": "VARCHAR", "title": "VARCHAR", "key": "VARCHAR", "prefix_path": "VARCHAR", "group_prefix": "VARCHAR", "updated_at": "VARCHAR"
    }') as r,
    -- The record does not say it where the request was about one organization.
    context ->> 'org_id' as asked_org_id
  from records
)

select
  source,
  vendor,
  stream,
  case stream
    when 'organizations' then 'organization'
    when 'users' then 'user'
    when 'idp-users' then 'idp_user'
    when 'service-users' then 'service_user'
    when 'idp-groups' then 'idp_group'
    when 'registered-idp-groups' then 'registered_idp_group'
    when 'roles' then 'role'
    when 'tags' then 'tag'
    when 'git-connections' then 'git_connection'
    when 'git-repositories' then 'git_repository'
    when 'git-permissions' then 'git_permission'
    when 'knowledge-notes' then 'knowledge_note'
    when 'enterprise-knowledge-notes' then 'enterprise_knowledge_note'
    when 'playbooks' then 'playbook'
    when 'enterprise-playbooks' then 'enterprise_playbook'
    when 'schedules' then 'schedule'
    when 'secrets' then 'secret'
    when 'ip-access-list' then 'ip_access_list'
    when 'org-group-limits' then 'org_group_limits'
    when 'acu-limits' then 'acu_limit'
    when 'hypervisors' then 'hypervisor'
    when 'queue' then 'queue'
    when 'consumption-cycles' then 'billing_cycle'
  end as entity_type,
  key as entity_id,
  coalesce(
    nullif(r.name, ''), nullif(r.idp_group_name, ''), nullif(r.role_name, ''), nullif(r.host, ''),
    nullif(r.title, ''), nullif(r.key, ''), nullif(r.repo_path, ''), nullif(r.repo_name, ''), nullif(r.prefix_path, ''), nullif(r.group_prefix, '')
  ) as name,
  nullif(r.email, '') as email,
  case
    -- What moves by itself is no new version of a thing.
    when stream = 'git-repositories' then json_merge_patch(record, '{"last_updated_at": null}')
    when stream = 'schedules' then json_merge_patch(record, json_object(
      'consecutive_failures', null, 'last_error_at', null, 'last_error_message', null, 'last_executed_at', null, 'updated_at', null,
      'org_id', asked_org_id
    ))
    when asked_org_id is null then record
    else json_merge_patch(record, json_object('org_id', asked_org_id))
  end as attributes,
  internal.instant_of(r.updated_at) as changed_at,
  seen_at,
  true as present,
  seq,
  n
from parsed
