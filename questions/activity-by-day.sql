/*
title: How much happened per day
answers: How many events there were per day and source in the period, and of how many people
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  day: the UTC day
  source: the account at the vendor
  events: how many
  people: of how many actors
  actions: of how many kinds
needs: [target:event]
*/
select
  occurred_at::date as day,
  source,
  count(*) as events,
  count(distinct coalesce(actor_email, actor_name, actor_id)) as people,
  count(distinct action) as actions
from audit_events
where occurred_at >= $since and occurred_at < $until
group by all
order by day, source
