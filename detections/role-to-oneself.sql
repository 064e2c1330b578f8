/*
title: Somebody gave a role to themselves
answers: Who granted a role or a membership to their own account
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
needs: [action:access/grant or action:access/update or action:group/grant]
severity: high
attack: [T1098.003]
sigma: AWS IAM user attached a policy to itself
falsePositives: The first administrator of a new account; somebody who tries a role out in an organization for tests
respond: Ask the person and who is responsible for the account. Revoke the role if it was not agreed, and look at what was done with it since
key: [source, subject, action, target, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and category in ('access', 'group') and activity in ('grant', 'update') and actor_id is not null
  and (
    actor_id = target_id or lower(actor_email) = lower(target_email)
    or contains(details::varchar, '"' || actor_id || '"')
  )
