/*
title: Somebody was made an administrator
answers: Who gave whom a role that administers, in the words of the vendor
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
needs: [action:access/grant or action:access/update]
severity: high
attack: [T1098.003]
sigma: Azure AD user added to an admin role
falsePositives: A change of responsibility that was agreed; the set-up of a new organization
respond: Ask the person who granted it whether it was them. Revoke the role if not, close the sessions of both, and look at `ask person` for what the new administrator did
key: [source, subject, action, target, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and category in ('access', 'account') and activity in ('grant', 'update', 'create')
  and regexp_matches(
    details::varchar, '(?i)"(roles?|new_?value|new_?role|current_?role|role_?name|permission)" *: *\[? *"[^"]*(admin|owner)'
  )
