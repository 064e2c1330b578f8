/*
title: A role was granted at an hour at which hardly anybody works
answers: Who changed access in an hour of the day (UTC) in which less than a hundredth of the events of the last four weeks happened
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day
  target: who got it
  role: in the vendor's words
  scope: where it holds
  ip_address: from where
  share: the share of all events that happened in that hour of the day
needs: [action:access/grant or action:access/update]
severity: medium
attack: [T1098.003, T1078.004]
sigma: Okta admin role assignment outside of working hours
falsePositives: An on-call engineer; automation that synchronizes groups at night; an office in another time zone that is new
respond: Ask the person whether it was them, and where they were. Compare the address with their usual ones
key: [source, subject, target, role, scope, day]
*/
with new as (
  from grants_between(coalesce((select min(occurred_at) from audit_events where seq > $after), 'infinity'::timestamptz), null)
  where seq > $after and change = 'granted' and known_by = 'event'
),
past as (
  select source, hour(occurred_at) as hour_of_day, count(*) as events
  from audit_events
  where source in (select source from new)
    and occurred_at >= (select min("at") from new) - interval 28 days
  group by all
),
shares as (
  select source, hour_of_day, events / sum(events) over (partition by source) as share
  from past
  qualify sum(events) over (partition by source) >= 500
)
select
  "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence, "at"::date as day,
  coalesce(holder_email, holder_name, holder_id) as target, role,
  concat_ws(' ', scope_type, coalesce(scope_name, scope_id)) as scope, ip_address, round(share, 4) as share
from new join shares using (source)
where hour_of_day = hour("at") and share < 0.01
