/*
title: Somebody came from a country that is new to them
answers: Who acted from a country for the first time, after two weeks of which their countries are known
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  country: in which country the address is
  ip_address: the first address there
  before: the countries that they had been seen in
needs: [column:ip_address, file:countries]
severity: medium
attack: [T1078.004]
sigma: Sign-in from a country that is new to the user
falsePositives: Travel; a VPN that ends elsewhere; an address that the country file has wrong
respond: 'Ask the person where they are. If not there, close the session and reset the account: another finding about the person makes it an incident'
key: [source, subject, country]
*/
with new as (
  select distinct source, actor_id from audit_events where seq > $after and ip_address is not null and actor_id is not null
),
here as (
  select
    source, actor_id, country,
    arg_max(coalesce(actor_email, actor_name, actor_id), first_seen_at) as subject,
    min(first_seen_at) as first_at,
    arg_min(ip_address, (first_seen_at, first_event_uid)) as ip_address,
    arg_min(first_event_uid, (first_seen_at, first_event_uid)) as uid
  from first_seen semi join new using (source, actor_id)
  where country is not null
  group by source, actor_id, country
),
judged as (
  select
    *,
    min(first_at) over (partition by source, actor_id) as known_from,
    list(country) over (
      partition by source, actor_id order by first_at range between unbounded preceding and interval 1 microsecond preceding
    ) as before
  from here
)
select
  first_at as "at", source, subject, [uid] as evidence, country, ip_address, array_to_string(list_sort(before), ', ') as before
from judged
where first_at >= known_from + interval 14 days
  -- Known before, and judged then.
  and uid in (select event_uid from audit_events where seq > $after)
