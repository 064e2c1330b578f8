/*
title: A limit of spending or use was changed
answers: Who raised, lowered or removed what people and projects may spend or send
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
needs: [action:policy/update or action:configuration/update or action:account/update]
severity: low
attack: [T1496]
atlas: [AML.T0034]
falsePositives: The monthly planning of budgets
respond: Compare it with the budget. A limit that was removed shortly before costs rise is part of an abuse
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'delete', 'enable', 'disable')
  and regexp_matches(action, '(?i)(spend|usage|overage|rate|group|hard)_?limit|budget|quota')
