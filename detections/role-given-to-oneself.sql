/*
title: Somebody gave a role to themselves
answers: Roles that an event says were granted by whoever got them
parameters:
  after: { type: integer, default: 0, says: the ledger line after which events are new }
columns:
  at: when
  source: the account at the vendor
  subject: who
  action: the vendor's word
  evidence: the event
needs: [action:access/grant]
severity: high
attack: [T1098.003]
falsePositives: The first administrator of a new organization, and a break-glass account
respond: Ask the person and a second administrator; revoke the role until both agree
key: [source, evidence]
*/
select
  occurred_at as "at",
  source,
  coalesce(actor_email, actor_id) as subject,
  action,
  [event_uid] as evidence
from audit_events
where category = 'access' and activity = 'grant' and actor_id = target_id and seq > $after
order by occurred_at, event_uid
