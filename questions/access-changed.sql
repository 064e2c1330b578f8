/*
title: How access changed
answers: Every role and membership that was granted or revoked in the period, by event or by difference of two readings
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  change: '`granted` or `revoked`'
  whose: who got or lost it
  role: in the vendor's words
  scope: where it holds
  who: who did it; null of a difference
  ip_address: from where; null where the vendor logs none
  user_agent: with which program; null where the vendor logs none
  known_by: '`event`, or `difference` of two readings of the directory'
  not_before: 'of a difference, the reading before: it happened between the two'
  event_uid: of an event, which
needs: [action:access/grant or target:grant]
*/
select
  "at",
  source,
  change,
  coalesce(holder_email, holder_name, holder_id) as whose,
  role,
  concat_ws(' ', scope_type, coalesce(scope_name, scope_id)) as scope,
  coalesce(actor_email, actor_name, actor_id) as who,
  ip_address,
  user_agent,
  known_by,
  not_before,
  event_uid
from grants_between($since, $until)
where change in ('granted', 'revoked')
order by "at", source, whose, change, role
