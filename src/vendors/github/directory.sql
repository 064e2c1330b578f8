-- One version of a thing per record, of every list that shows things as they are now.
with parsed as (
  select
    *,
    from_json(record, '{
      "login": "VARCHAR", "name": "VARCHAR", "email": "VARCHAR", "updated_at": "VARCHAR", "group_name": "VARCHAR",
      "token_name": "VARCHAR", "app_slug": "VARCHAR", "github_com_login": "VARCHAR", "github_com_name": "VARCHAR",
      "github_com_saml_name_id": "VARCHAR", "github_com_verified_domain_emails": ["VARCHAR"],
      "visual_studio_subscription_email": "VARCHAR", "authorized_credential_title": "VARCHAR", "id": "VARCHAR"
    }') as r
  from records
)

select
  source,
  vendor,
  stream,
  case stream
    when 'members' then 'user'
    when 'owners' then 'organization_owner'
    when 'teams' then 'team'
    when 'team-members' then 'team_member'
    when 'enterprise-teams' then 'team'
    when 'enterprise-team-members' then 'team_member'
    when 'consumed-licenses' then 'consumed_license'
    when 'pat-grants' then 'pat_grant'
    when 'credential-authorizations' then 'credential_authorization'
    when 'app-installations' then 'app_installation'
    when 'external-groups' then 'idp_group'
    when 'copilot-settings' then 'copilot_settings'
    when 'content-exclusion' then 'content_exclusion'
    when 'cost-centers' then 'cost_center'
    when 'budgets' then 'budget'
    when 'agent-configuration' then 'agent_configuration'
  end as entity_type,
  key as entity_id,
  coalesce(
    nullif(r.login, ''), nullif(r.github_com_login, ''), nullif(r.name, ''), nullif(r.group_name, ''),
    nullif(r.token_name, ''), nullif(r.app_slug, ''), nullif(r.authorized_credential_title, ''), if(stream = 'agent-configuration', key, null)
  ) as name,
  coalesce(
    nullif(r.email, ''),
    list_filter(r.github_com_verified_domain_emails, lambda one: one <> '')[1],
    if(r.github_com_saml_name_id like '%@%', r.github_com_saml_name_id, null),
    nullif(r.visual_studio_subscription_email, '')
  ) as email,
  -- A license has the names that an identity provider and other vendors know, and a member the login alone.
  case stream
    when 'members' then ['login:' || nullif(r.login, '')]
    when 'consumed-licenses' then list_filter(
      list_concat(
        ['login:' || nullif(r.github_com_login, ''), 'saml:' || nullif(r.github_com_saml_name_id, '')],
        list_transform(r.github_com_verified_domain_emails, lambda address: 'email:' || nullif(address, ''))
      ),
      lambda identity: identity is not null
    )
  end as identities,
  json_merge_patch(
    -- What moves by itself is no new version of a thing, and no part of a token is kept here.
    json_merge_patch(record, '{
      "token_last_used_at": null, "credential_accessed_at": null, "last_used_at": null, "token_last_eight": null
    }'),
    case
      when stream in ('team-members', 'enterprise-team-members')
        then json_object('team_id', context ->> 'team_id', 'user_id', r.id)
      else '{}'
    end
  ) as attributes,
  internal.instant_of(r.updated_at) as changed_at,
  seen_at,
  true as present,
  seq,
  n
from parsed
