/*
title: Another system was connected
answers: Who connected an app, an integration or a code host to the account
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
needs: [action:configuration/create]
severity: medium
attack: [T1671]
atlas: [AML.T0053]
sigma: Github app or OAuth application installed
falsePositives: A team that connects what was reviewed
respond: Look at what it may read and write. Remove it if nobody reviewed it
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and category = 'configuration' and activity in ('create', 'enable')
  and regexp_matches(action, '(?i)integration|connector|connection|oauth|installation|plugin|marketplace|(^|[._])app([._]|$)')
