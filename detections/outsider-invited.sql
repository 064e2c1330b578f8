/*
title: Somebody from outside was invited
answers: Who invited an address of a domain that none of the known people has
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
needs: [action:account/create]
severity: medium
attack: [T1136.003]
sigma: Github outside collaborator invited
falsePositives: Contractors; a company that was bought; a domain that is new
respond: Ask who invited them what for. Remove the account if nobody answers for it
key: [source, subject, action, target, day]
*/
with invited as (
  select
    *,
    lower(coalesce(
      target_email, regexp_extract(details::varchar, '(?i)"[a-z_]*email" *: *"([^"@]+@[^"]+)"', 1), ''
    )) as email
  from audit_events
  where seq > $after and category = 'account' and activity = 'create'
),
domains as (
  select split_part(lower(email), '@', 2) as domain from users group by all having count(*) >= 3
)
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, email as target, details, ip_address
from invited
where contains(email, '@') and split_part(email, '@', 2) not in (select domain from domains)
  and exists (from domains)
