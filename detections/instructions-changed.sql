/*
title: What agents are told was changed
answers: Who changed knowledge, a playbook, a rule, a skill or a memory that agents follow
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
needs: [action:content/* or action:configuration/*]
severity: medium
attack: [T1565.001]
atlas: [AML.T0080]
falsePositives: 'Everyday work of those who keep them: close by person, or raise the bar in a detection of your own'
respond: Read the change as you would read code. Restore the former text if it makes agents send something somewhere or skip a check
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'enable')
  and category in ('content', 'configuration', 'policy')
  and regexp_matches(action, '(?i)knowledge|playbook|(^|_)rule|skill|memory|instruction|system_prompt|steering|custom_agent')
