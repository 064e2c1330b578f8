-- What weakens a protection, gives power or takes data along, in the words that all vendors' actions are put into.
create temp table changes as
with acts as (
  select
    case
      when category = 'policy' and activity in ('disable', 'delete')
        or category in ('policy', 'configuration') and activity in ('update', 'delete', 'disable')
          and regexp_matches(lower(action), 'sso|saml|scim|mfa|two_factor|ip_allow|ip_access|audit_log|log_stream')
        then 'Protection weakened'
      when category = 'data_access' and (activity = 'create' or regexp_matches(lower(action), 'export|download'))
        then 'Data taken out'
      when category = 'policy' and activity in ('create', 'update', 'enable') then 'Policy changed'
      when category = 'credential' and activity = 'create' then 'Key created'
    end as kind,
    occurred_at,
    source,
    coalesce(actor_name, actor_email, actor_id, actor_type) as who,
    action as what,
    coalesce(target_name, target_email, target_id) as target,
    ip_address,
    event_uid
  from audit_events
  semi join (select event_uid from events_in where category in ('policy', 'configuration', 'data_access', 'credential')) using (event_uid)
  where category in ('policy', 'configuration', 'data_access', 'credential')
  union all
  select
    'Administrator made' as kind,
    "at" as occurred_at,
    source,
    coalesce(actor_name, actor_email, actor_id, actor_type) as who,
    concat_ws(' of ', role, coalesce(scope_name, scope_type)) as what,
    coalesce(holder_name, holder_email, holder_id) as target,
    ip_address,
    event_uid
  from grants_in
  where change = 'granted'
),
severities(kind, severity, rank) as (
  values
    ('Protection weakened', 'high', 1),
    ('Administrator made', 'high', 1),
    ('Data taken out', 'medium', 2),
    ('Policy changed', 'medium', 2),
    ('Key created', 'low', 3)
)
select a.*, s.severity, s.rank
from acts a join severities s using (kind)
