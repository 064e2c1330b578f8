/*
title: Many attempts to sign in failed
answers: From which address, or as whom where the vendor names no address, ten attempts or more failed in one hour of the clock
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  hour: the hour of the clock
  attempts: how many
  accounts: as whom
needs: [action:authentication/*]
severity: medium
attack: [T1110]
sigma: Multiple failed sign-ins
falsePositives: An expired certificate of the identity provider; a script with an old password
respond: Look whether one of them succeeded in the end. Block the address, and ask the people
key: [source, subject, hour]
*/
with failed as (
  select *, coalesce(ip_address, actor_email, actor_name, actor_id) as who
  from audit_events
  where category = 'authentication' and regexp_matches(action, '(?i)fail|denied|invalid|reject')
),
new as (
  select distinct source, who, time_bucket(interval 1 hour, occurred_at) as hour from failed where seq > $after
)
select
  max(occurred_at) as "at", source, who as subject, list(event_uid) as evidence, n.hour, count(*) as attempts,
  list(distinct coalesce(actor_email, actor_name, actor_id)) as accounts
from new n
join failed f using (source, who)
where occurred_at >= n.hour and occurred_at < n.hour + interval 1 hour
group by source, who, n.hour
having count(*) >= 10
