/*
title: A new address acts as several people
answers: Which address that nobody had before was used by two people or more within a day
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  ip_address: the address
  sources: where it was used
needs: [column:ip_address]
severity: high
attack: [T1078.004, T1110.003]
sigma: Password spray from one address
falsePositives: A new office, VPN or proxy
respond: Ask your network team whose address it is. If nobody knows it, close the sessions of everybody who came from there and reset their sign-in
key: [ip_address]
*/
with new as (
  select distinct ip_address from audit_events where seq > $after and ip_address is not null
),
past as (
  select ip_address, min(occurred_at) as first_at, max(occurred_at) as last_at
  from audit_events
  where ip_address in (select ip_address from new)
  group by all
),
people_at as (
  select
    p.ip_address, p.first_at, max(occurred_at) as last_at, list(event_uid)[:100] as uids,
    list(distinct e.source) as sources,
    -- The same person has another name at each vendor: the account of one counts.
    list(distinct coalesce(a.person_id, lower(actor_email), actor_id)) as people
  from past p
  join audit_events e on e.ip_address = p.ip_address and occurred_at < p.first_at + interval 1 day
  left join person_accounts a on a.source = e.source and a.user_id = e.actor_id
  where actor_id is not null
  group by all
)
select
  last_at as "at", if(len(sources) = 1, sources[1], null) as source, array_to_string(list_sort(people), ', ') as subject,
  uids as evidence, ip_address, list_sort(sources) as sources
from people_at
where len(people) >= 2
  and first_at >= (select min(occurred_at) from audit_events where ip_address is not null) + interval 14 days
