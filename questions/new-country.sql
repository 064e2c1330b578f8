/*
title: Who came from a country for the first time
answers: Everybody who was there before, and in the period came from a country that they had not been seen in
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  who: who
  country: in which country the address is
  ip_address: the first address there
  before: the countries that they had been seen in
  known_since: when they were seen first in a country
  events: how many came from there since
  event_uid: the first of them
needs: [column:ip_address, file:countries]
*/
with here as (
  select
    source, actor_type, coalesce(actor_id, actor_email, actor_name) as actor, country,
    arg_max(coalesce(actor_email, actor_name, actor_id), first_seen_at) as who,
    min(first_seen_at) as first_at, sum(events)::bigint as events,
    arg_min(ip_address, (first_seen_at, first_event_uid)) as ip_address,
    arg_min(first_event_uid, (first_seen_at, first_event_uid)) as event_uid
  from first_seen
  where country is not null
  group by all
),
known as (
  select
    *,
    min(first_at) over (partition by source, actor_type, actor) as known_since,
    list(country) over (
      partition by source, actor_type, actor order by first_at range between unbounded preceding and interval 1 microsecond preceding
    ) as before
  from here
)
select
  first_at as "at", source, who, country, ip_address, array_to_string(list_sort(before), ', ') as before, known_since, events,
  event_uid
from known
where first_at > known_since and first_at >= $since and first_at < $until
order by first_at, event_uid
