/*
title: What keeps agents in bounds was changed
answers: Who changed a guardrail, a firewall of agents, a sandbox or what tools run without being asked
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
attack: [T1562.001]
atlas: [AML.T0081]
falsePositives: A team that is let use a further tool or address
respond: Compare before and after. Put it back if it was not agreed, and look at the sessions since
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'delete', 'enable', 'disable')
  and category in ('policy', 'configuration')
  and regexp_matches(action, '(?i)guardrail|firewall|inference_hooks_config|tool_policy|sandbox|auto_?run|always_allow|allow_?list|permission_mode')
  and not regexp_matches(action, '(?i)(^|[^a-z])ip_?(allow|access|restrict)')
