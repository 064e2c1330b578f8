/*
title: How long data is kept was changed
answers: Who changed a retention, or switched off that nothing is kept
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
attack: [T1562.008, T1070]
sigma: AWS S3 bucket or log retention changed
falsePositives: A decision of privacy or legal that was announced
respond: Ask who decided it. A shorter retention may destroy evidence, a longer one may break a promise to customers
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and activity in ('create', 'update', 'delete', 'enable', 'disable', 'other')
  and category in ('policy', 'configuration', 'other')
  and regexp_matches(concat_ws(' ', action, target_name, details::varchar), '(?i)retention|zero_?data|(^|[^a-z])zdr')
