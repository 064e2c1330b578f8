/*
title: Somebody read many different things within minutes
answers: Who read or cloned eight different things or more within ten minutes of the clock
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  minutes: the ten minutes
  things: how many different ones
  actions: by which actions
  addresses: from where
needs: [action:data_access/read]
severity: high
attack: [T1213.003, T1119]
sigma: Github many repositories cloned
falsePositives: A new machine that clones all repositories; a crawler of the company
respond: 'Ask the person. Close the session and revoke the keys if it was not them: treat what was read as copied'
key: [source, subject, minutes]
*/
with new as (
  select distinct source, actor_id, time_bucket(interval 10 minutes, occurred_at) as minutes
  from audit_events
  where seq > $after and category = 'data_access' and activity = 'read' and actor_id is not null
)
select
  max(occurred_at) as "at", source, any_value(coalesce(actor_email, actor_name, actor_id)) as subject,
  list(event_uid) as evidence, n.minutes,
  count(distinct coalesce(target_id, target_name, details::varchar)) as things, list(distinct action) as actions,
  list(distinct ip_address) as addresses
from new n
join audit_events e using (source, actor_id)
where category = 'data_access' and activity = 'read'
  and occurred_at >= n.minutes and occurred_at < n.minutes + interval 10 minutes
group by source, actor_id, n.minutes
having things >= 8
