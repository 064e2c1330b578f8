/*
title: A hook was added or changed
answers: Who changed what runs, or is called, when something happens in a tool or a repository
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
needs: [action:configuration/*]
severity: high
attack: [T1546]
atlas: [AML.T0081]
sigma: Github new webhook or outside app added
falsePositives: A team that connects a CI system or a chat
respond: Look at the script or the address. Remove it if it was not reviewed, and look for what it sent or ran since
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'enable')
  and category in ('configuration', 'content', 'policy', 'credential')
  and regexp_matches(action, '(?i)hook') and not regexp_matches(action, '(?i)invalid|tripped|denied')
