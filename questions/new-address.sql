/*
title: Who came from an address for the first time
answers: Everybody who was there before, and in the period came from an address or with a program that they had not been seen with
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  who: who
  ip_address: from where; null where the vendor logs none
  user_agent: with which program; null where the vendor logs none
  known_since: when they were seen first
  events: how many came from there since
  event_uid: the first of them
needs: [column:ip_address]
*/
with known as (
  select *, min(first_seen_at) over (partition by source, actor_type, coalesce(actor_id, actor_email, actor_name)) as known_since
  from first_seen
)
select
  first_seen_at as "at",
  source,
  coalesce(actor_email, actor_name, actor_id) as who,
  ip_address,
  user_agent,
  known_since,
  events,
  first_event_uid as event_uid
from known
where first_seen_at > known_since and first_seen_at >= $since and first_seen_at < $until
order by first_seen_at, event_uid
