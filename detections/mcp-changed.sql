/*
title: The tools that agents may call were changed
answers: Who added, changed or allowed a server of the Model Context Protocol
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
severity: medium
attack: [T1195.002]
atlas: [AML.T0081, AML.T0053]
falsePositives: A team that sets up an integration
respond: Look at the address of the server and at who runs it. Remove it if it was not reviewed; what agents sent there is in the hands of whoever runs it
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'enable', 'grant')
  and category in ('policy', 'configuration', 'access', 'content')
  and regexp_matches(action, '(?i)(^|[^a-z])mcp|extension_(allow|add|publish)|connector_(creat|add|enabl)')
