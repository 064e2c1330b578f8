/*
title: Every event of one kind
answers: Every event of an action in the period
parameters:
  action: { type: text, names: action, says: the vendor's word }
  since: { type: instant, default: 30d, says: from when on }
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
needs: [target:event]
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
where action = $action
  and occurred_at >= $since and occurred_at < $until
order by occurred_at, event_uid
