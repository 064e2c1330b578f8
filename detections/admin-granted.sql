/*
title: Somebody was made an administrator
answers: Who gave whom a role that administers, in the words of the vendor; also where two readings of a directory show it and no event does
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it, or who got it where that is known by a directory alone
  evidence: the events that show it
  day: the UTC day
  target: who got it
  role: in the vendor's words
  scope: where it holds
  ip_address: from where
  known_by: '`event`, or `difference` of two readings of the directory'
needs: [action:access/grant or action:access/update]
severity: high
attack: [T1098.003]
sigma: Azure AD user added to an admin role
falsePositives: A change of responsibility that was agreed; the set-up of a new organization
respond: Ask the person who granted it whether it was them. Revoke the role if not, close the sessions of both, and look at `ask person` for what the new administrator did
key: [source, target, role, scope, day]
*/
with changes as materialized (
  from grants_between(
    coalesce(
      least(
        (select min(occurred_at) from audit_events where seq > $after),
        (select min(valid_from) from entity_history where seq > $after)
      ),
      'infinity'::timestamptz
    ),
    null
  )
  where seq > $after and change = 'granted'
),
-- What is no grant yet, such as an invitation, or says in its own words what was granted.
worded as (
  select
    *,
    regexp_extract(
      details::varchar,
      '(?i)"(?:roles?|new_?value|new_?role|current_?role|role_?name|permission)" *: *\[? *"([^"]*(?:admin|owner)[^"]*)', 1
    ) as role
  from audit_events anti join (select event_uid from changes where role is not null) using (event_uid)
  where seq > $after and category in ('access', 'account') and activity in ('grant', 'update', 'create')
)
select
  "at", source, coalesce(actor_email, actor_name, actor_id, holder_email, holder_name, holder_id) as subject,
  [event_uid] as evidence, "at"::date as day, coalesce(holder_email, holder_name, holder_id) as target, role,
  concat_ws(' ', scope_type, coalesce(scope_name, scope_id)) as scope, ip_address, known_by
from changes
where is_admin
union all
select
  occurred_at, source, coalesce(actor_email, actor_name, actor_id), [event_uid], occurred_at::date,
  coalesce(target_email, target_name, target_id), role, organization_id, ip_address, 'event'
from worded
where role <> ''
