/*
title: Audit logging was changed
answers: Who changed, stopped or redirected the recording of what happens
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
severity: critical
attack: [T1562.008]
sigma: Github audit log streaming disabled; AWS CloudTrail important change
falsePositives: A change of the SIEM that was planned
respond: 'Put it back. Compare the time since with another source, such as the log of the identity provider: what happened meanwhile may be in no log'
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'delete', 'enable', 'disable')
  and category in ('policy', 'configuration', 'other')
  and regexp_matches(
    concat_ws(' ', action, details::varchar),
    '(?i)audit_?log|log_?stream|compliance_?api_?settings|api_?call_?logging|activity_?log'
  )
  and not regexp_matches(action, '(?i)check|export')
