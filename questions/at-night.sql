/*
title: What was changed outside working hours
answers: Changes to access, keys and settings of the period that happened on a weekend, or before or after working hours in UTC
parameters:
  opens: { type: integer, default: 6, says: the hour in UTC at which work begins }
  closes: { type: integer, default: 19, says: the hour in UTC at which it ends }
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  action: the vendor's word
  who: who did it
  target: to whom or what
  ip_address: from where; null where the vendor logs none
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
  event_uid
from audit_events
where category in ('access', 'group', 'credential', 'configuration', 'policy', 'account') and activity <> 'read'
  and (isodow(occurred_at) > 5 or hour(occurred_at) < $opens or hour(occurred_at) >= $closes)
  and occurred_at >= $since and occurred_at < $until
order by occurred_at, event_uid
