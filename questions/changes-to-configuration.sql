/*
title: Which settings were changed
answers: Every change to settings and policies in the period, by whom and from where
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  action: the vendor's word
  who: who did it
  target: to whom or what
  ip_address: from where; null where the vendor logs none
  user_agent: with which program; null where the vendor logs none
  details: what the vendor says of it
  event_uid: the event
needs: [action:configuration/* or action:policy/*]
*/
select
  occurred_at as "at",
  source,
  action,
  coalesce(actor_email, actor_name, actor_id) as who,
  coalesce(target_email, target_name, target_id) as target,
  ip_address,
  user_agent,
  details,
  event_uid
from audit_events
where category in ('configuration', 'policy') and activity <> 'read'
  and occurred_at >= $since and occurred_at < $until
order by occurred_at, event_uid
