/*
title: Somebody who left did something
answers: Which events are by an account of a person after they were seen gone from another vendor
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
needs: [target:entity]
severity: critical
attack: [T1078.004]
sigma: Account of a former employee used
falsePositives: People who changed teams and lost a licence
respond: Deactivate the account at once and revoke its keys. Look at everything that it did since
key: [source, subject, day]
*/
select
  occurred_at as "at", e.source, l.person_id as subject, [event_uid] as evidence, occurred_at::date as day,
  action, coalesce(target_email, target_name, target_id) as target, e.details, ip_address
from audit_events e
join person_accounts a on a.source = e.source and a.user_id = e.actor_id
join leavers l on l.person_id = a.person_id
where e.seq > $after and occurred_at > l.gone_seen_at
