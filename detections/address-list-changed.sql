/*
title: The list of allowed addresses was changed
answers: Who changed or switched off what addresses may be used from
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day
  action: 'what was done, in the vendor''s word'
  target: what it was done to
  details: what the vendor says about it
  ip_address: from where
needs: [action:policy/* or action:configuration/*]
severity: high
attack: [T1562.007]
sigma: Okta network zone deactivated or deleted
falsePositives: A new office or VPN that was announced
respond: Compare the new list with the addresses that your network team knows, and put the old one back if nobody asked for it
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'delete', 'disable', 'other')
  and category in ('policy', 'configuration', 'other')
  and regexp_matches(
    concat_ws(' ', action, target_type, details::varchar),
    '(?i)(^|[^a-z])ip_?(allow|access|restrict|white|address_?list|list)|allowed_?ips'
  )
