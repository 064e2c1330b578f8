/*
title: Somebody deleted much within an hour
answers: Who deleted ten things or more in one hour of the clock
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  hour: the hour of the clock
  deleted: how many things
  actions: by which actions
needs: [action:content/delete or action:account/delete or action:configuration/delete]
severity: high
attack: [T1485]
sigma: Github repository or cloud resources deleted in bulk
falsePositives: The end of a project; a script that tidies up
respond: Stop the account if the person knows nothing of it. Restore what can be restored
key: [source, subject, hour]
*/
with new as (
  select distinct source, actor_id, time_bucket(interval 1 hour, occurred_at) as hour
  from audit_events
  where seq > $after and activity = 'delete' and actor_id is not null
)
select
  max(occurred_at) as "at", source, any_value(coalesce(actor_email, actor_name, actor_id)) as subject,
  list(event_uid) as evidence, n.hour, count(*) as deleted, list(distinct action) as actions
from new n
join audit_events e using (source, actor_id)
where activity = 'delete' and occurred_at >= n.hour and occurred_at < n.hour + interval 1 hour
group by source, actor_id, n.hour
having count(*) >= 10
