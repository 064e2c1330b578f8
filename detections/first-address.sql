/*
title: Somebody came from an address that is new to them
answers: Who acted from an address for the first time, after two weeks of which their addresses are known
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  ip_address: the address
  user_agent: the program, where the vendor says so
needs: [column:ip_address]
severity: low
attack: [T1078.004]
sigma: Sign-in from a new address or an unfamiliar place
falsePositives: Travel, a new office, a new provider at home
respond: Compare it with where the person is. Together with another finding about the person it is worth more
key: [source, subject, ip_address]
*/
with new as (
  select distinct source, actor_id, ip_address
  from audit_events
  where seq > $after and ip_address is not null and actor_id is not null
),
past as (
  select
    source, actor_id, ip_address, min(occurred_at) as first_at, arg_min(event_uid, occurred_at) as uid,
    arg_min(coalesce(actor_email, actor_name, actor_id), occurred_at) as who,
    arg_min(user_agent, occurred_at) as user_agent
  from audit_events
  where ip_address is not null and (source, actor_id) in (select (source, actor_id) from new)
  group by all
),
judged as (
  select
    *,
    min(first_at) over (partition by source, actor_id) as known_from,
    -- Who comes from ever new addresses always has: it says nothing.
    count(*) over (
      partition by source, actor_id order by first_at range between interval 28 days preceding and interval 1 second preceding
    ) as new_before
  from past
)
select
  first_at as "at", source, who as subject, [uid] as evidence, ip_address, user_agent
from judged semi join new using (source, actor_id, ip_address)
where first_at >= known_from + interval 14 days and new_before < 10
