-- What weakens a protection, gives power or takes data along, in the words that all vendors' actions are put into.
worded as (
  -- The role that somebody has now: of what is said about the former one, nothing.
  select
    *,
    case when target_type = 'role' then lower(target_name)
      else regexp_replace(lower(details::varchar), '"(old|previous|former)[^"]*":("[^"]*"|[^,}]*)', '', 'g')
    end as granted
  from events_in
),
kinds as (
  select
    e.* exclude (granted),
    case
      when category = 'policy' and activity in ('disable', 'delete')
        or category in ('policy', 'configuration') and activity in ('update', 'delete', 'disable')
          and regexp_matches(lower(action), 'sso|saml|scim|mfa|two_factor|ip_allow|ip_access|audit_log|log_stream')
        then 'Protection weakened'
      when category = 'access' and activity in ('grant', 'update')
        and regexp_matches(granted, '\b(\w*admin|owner)\b')
        then 'Administrator made'
      when category = 'data_access' and (activity = 'create' or regexp_matches(lower(action), 'export|download'))
        then 'Data taken out'
      when category = 'policy' and activity in ('create', 'update', 'enable') then 'Policy changed'
      when category = 'credential' and activity = 'create' then 'Key created'
    end as kind
  from worded e
),
severities(kind, severity, rank) as (
  values
    ('Protection weakened', 'high', 1),
    ('Administrator made', 'high', 1),
    ('Data taken out', 'medium', 2),
    ('Policy changed', 'medium', 2),
    ('Key created', 'low', 3)
),
changes as (
  select k.*, s.severity, s.rank
  from kinds k join severities s using (kind)
)
