/*
title: Somebody made a key who never had before
answers: Who made a key or a token for the first time, at a vendor of which two weeks are known
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
needs: [action:credential/create or action:credential/update]
severity: high
attack: [T1098.001]
sigma: New federated or service principal credentials added
falsePositives: A person who is new in a team that works with keys
respond: Ask the person what the key is for. Revoke it if they do not know of it, and look at what it was used for
key: [source, subject]
*/
with made as (
  select
    e.*,
    -- A key of theirs acts for the same person.
    coalesce(a.person_id, lower(actor_email), actor_id, actor_name) as maker
  from audit_events e
  left join person_accounts a on a.source = e.source and a.user_id = e.actor_id
  where category = 'credential' and (activity = 'create' or (details ->> 'action') = 'created')
),
new as (
  from made where seq > $after
),
makers as (
  select source, maker, min(occurred_at) as first_at from made where source in (select source from new) group by all
),
known as (
  select source, min(occurred_at) as known_from from audit_events
  where source in (select source from new) group by source
)
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from new
join makers using (source, maker)
join known using (source)
where occurred_at = first_at and occurred_at >= known_from + interval 14 days
