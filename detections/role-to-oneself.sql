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
  target: who got it
  role: in the vendor's words
  scope: where it holds
  ip_address: from where
needs: [action:access/grant or action:access/update or action:group/grant]
severity: high
attack: [T1098.003]
sigma: AWS IAM user attached a policy to itself
falsePositives: The first administrator of a new account; somebody who tries a role out in an organization for tests
respond: Ask the person and who is responsible for the account. Revoke the role if it was not agreed, and look at what was done with it since
key: [source, subject, role, scope, day]
*/
with joined as (
  -- Who accepts an invitation comes, and was let in by another.
  select event_uid from audit_events where seq > $after and category = 'account' and activity = 'create'
)
select
  "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence, "at"::date as day,
  coalesce(holder_email, holder_name, holder_id) as target, role,
  concat_ws(' ', scope_type, coalesce(scope_name, scope_id)) as scope, ip_address
from grants_between(coalesce((select min(occurred_at) from audit_events where seq > $after), 'infinity'::timestamptz), null)
where seq > $after and change = 'granted' and known_by = 'event'
  and (actor_id = holder_id or lower(actor_email) = lower(holder_email))
  and (is_admin or event_uid not in (from joined))
  -- A seat lets nobody do more than others.
  and role is distinct from 'copilot seat'
