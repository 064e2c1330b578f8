/*
title: Somebody costs far more than they ever did
answers: Whose costs of a day are more than three times their dearest day of the four weeks before
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day
  unit: what the cost is in
  basis: what it stands on
  cost: of that day
  dearest: the highest of a day before
needs: [measure:cost]
severity: medium
attack: [T1496.004]
atlas: [AML.T0034]
falsePositives: A migration or a release that was planned; a product that is new to the person
respond: 'Look at the sessions of the day. A stolen key shows as cost first: rotate it if the person knows nothing of it'
key: [source, subject, day, unit, basis]
*/
with costs as (
  select source, user_id, day, unit, basis, any_value(coalesce(email, name, user_id)) as who, sum(cost) as cost
  from person_costs
  group by all
),
new as (
  select distinct source, scope_id as user_id, period_start::date as day
  from usage_metrics
  where seq > $after and scope = 'user'
),
compared as (
  select
    *,
    max(cost) over before_it as dearest, count(*) over before_it as days, min(day) over before_it as known_from
  from costs
  where (source, user_id) in (select (source, user_id) from new)
  window before_it as (
    partition by source, user_id, unit, basis order by day range between interval 28 days preceding and interval 1 day preceding
  )
)
select
  day::timestamptz as "at", source, who as subject, []::varchar[] as evidence, day, unit, basis, cost, dearest
from compared semi join new using (source, user_id, day)
where cost >= 10 and cost > 3 * dearest and days >= 5 and known_from <= day - interval 14 days
