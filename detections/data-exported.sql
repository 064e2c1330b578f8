/*
title: Data of the whole account was exported
answers: Who exported logs, members or all data of an organization
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
needs: [action:data_access/*]
severity: high
attack: [T1213, T1567]
sigma: Github repository or audit log exported
falsePositives: The yearly export of legal or of an audit
respond: Ask who has the file now. Treat all that it holds as known to them
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and category = 'data_access' and activity in ('create', 'read')
  and regexp_matches(action, '(?i)export') and not regexp_matches(action, '(?i)file_exported')
