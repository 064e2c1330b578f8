/*
title: When things happen
answers: How many events there were per weekday and hour of the clock in the period, in UTC
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  weekday: 1 is Monday
  hour: of the clock in UTC
  events: how many
  people: of how many actors
needs: [target:event]
*/
select
  isodow(occurred_at) as weekday,
  hour(occurred_at) as hour,
  count(*) as events,
  count(distinct coalesce(actor_email, actor_name, actor_id)) as people
from audit_events
where occurred_at >= $since and occurred_at < $until
group by all
order by weekday, hour
