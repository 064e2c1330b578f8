/*
title: What the tools must not read was changed
answers: Who changed a content exclusion, an ignore list, a block list or a privacy mode
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
needs: [action:policy/update or action:configuration/update]
severity: medium
attack: [T1562.001]
atlas: [AML.T0081]
sigma: Github repository or organization exclusion weakened
falsePositives: A repository that was renamed; a rule that is added, not taken away
respond: Compare the old and the new list. Treat what was readable meanwhile as read
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'delete', 'enable', 'disable')
  and category in ('policy', 'configuration')
  and regexp_matches(action, '(?i)exclu|ignore|block_?list|blocklist|privacy_?mode|domain_guard|data_sharing|training')
