/*
title: 'The vendor''s own staff had access'
answers: When somebody of the vendor looked at, or changed, something of the account
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
severity: medium
attack: [T1199]
sigma: Microsoft customer lockbox or support access
falsePositives: A support case that you opened
respond: Compare it with your support cases. Ask the vendor for the reason if there is none
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id, vendor) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and (
    regexp_matches(action, '(?i)(^|[^a-z])(staff|impersonat|support_(access|session))')
    or starts_with(lower(action), lower(vendor) || '_access')
  )
