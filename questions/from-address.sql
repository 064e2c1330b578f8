/*
title: What came from one address
answers: Every event of the period that came from an IP address
parameters:
  address: { type: text, names: ip_address, says: the IP address }
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  action: the vendor's word
  who: who did it
  target: to whom or what
  user_agent: with which program; null where the vendor logs none
  event_uid: the event
needs: [column:ip_address]
*/
select
  occurred_at as "at",
  source,
  action,
  coalesce(actor_email, actor_name, actor_id) as who,
  coalesce(target_email, target_name, target_id) as target,
  user_agent,
  event_uid
from audit_events
where ip_address = $address
  and occurred_at >= $since and occurred_at < $until
order by occurred_at, event_uid
