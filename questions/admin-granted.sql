/*
title: Who was given a role
answers: Every role that an event says was granted in the period, by whom and from where
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  action: the vendor's word
  granted_by: who did it
  granted_to: who got it
  ip_address: from where; null where the vendor logs none
  details: what the vendor says of it
  event_uid: the event
needs: [action:access/grant]
*/
select
  occurred_at as "at",
  source,
  action,
  coalesce(actor_email, actor_name, actor_id) as granted_by,
  coalesce(target_email, target_name, target_id) as granted_to,
  ip_address,
  details,
  event_uid
from audit_events
where category = 'access' and activity = 'grant' and occurred_at >= $since and occurred_at < $until
order by occurred_at, event_uid
