/*
title: Who does most
answers: Whoever is behind most events of the period, with how many kinds of them
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
  at_most: { type: integer, default: 20, atLeast: 1, says: how many }
columns:
  source: the account at the vendor
  who: who
  kind: a person, a service user, a key …
  events: how many
  actions: of how many kinds
  addresses: from how many addresses
  last_at: when the last one happened
needs: [target:event]
*/
select
  source,
  coalesce(actor_email, actor_name, actor_id) as who,
  actor_type as kind,
  count(*) as events,
  count(distinct action) as actions,
  count(distinct ip_address) as addresses,
  max(occurred_at) as last_at
from audit_events
where occurred_at >= $since and occurred_at < $until
group by all
order by events desc, source, who
limit $at_most
