/*
title: Somebody did far more than they ever do
answers: Whose events of a day are more than five times their busiest day of the four weeks before, of which two are known
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day
  events: how many events, of which 20 are named
  busiest: the most on a day before
severity: medium
attack: [T1078.004]
sigma: Unusual volume of a user
falsePositives: Somebody who begins to work with agents; automation under the account of a person
respond: Look at what the events are. Ask the person, and close the session if it was not them
key: [source, subject, day]
*/
with new as (
  select distinct source, actor_id, occurred_at::date as day
  from audit_events
  where seq > $after and actor_id is not null
),
counted as (
  select
    source, actor_id, occurred_at::date as day, count(*) as events, max(occurred_at) as last_at,
    any_value(coalesce(actor_email, actor_name, actor_id)) as who, list(event_uid)[:20] as uids
  from audit_events
  where (source, actor_id) in (select (source, actor_id) from new)
    and occurred_at >= (select min(day) from new) - interval 28 days
  group by all
),
compared as (
  select
    *,
    max(events) over before_it as busiest, count(*) over before_it as days, min(day) over before_it as known_from
  from counted
  window before_it as (
    partition by source, actor_id order by day range between interval 28 days preceding and interval 1 day preceding
  )
)
select
  last_at as "at", source, who as subject, uids as evidence, day, events, busiest
from compared semi join new using (source, actor_id, day)
where events >= 50 and events > 5 * busiest and days >= 5 and known_from <= day - interval 14 days
