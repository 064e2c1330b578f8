/*
title: Somebody read a secret who had not for a month
answers: Who read a key or a secret in plain, and had not within the 28 days before
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
needs: [action:credential/read or action:data_access/read]
severity: medium
attack: [T1552.001]
atlas: [AML.T0055]
sigma: AWS Secrets Manager rapid access
falsePositives: A person who sets up an integration; an agent that is given a new task
respond: Ask what it was read for. Rotate the secret if nobody knows
key: [source, subject, day]
*/
with reads as (
  from audit_events
  where (category = 'credential' and activity = 'read')
    or (category = 'data_access' and regexp_matches(action, '(?i)(secret|credential).*(read|view|access)'))
)
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from reads
where seq > $after
  and source in (select source from audit_events group by source having max(occurred_at) > min(occurred_at) + interval 14 days)
  and not exists (
    from reads former
    where former.source = reads.source and former.actor_id is not distinct from reads.actor_id
      and former.occurred_at < reads.occurred_at::date
      and former.occurred_at >= reads.occurred_at - interval 28 days
  )
