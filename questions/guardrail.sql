/*
title: What guardrails stopped
answers: Every event of the period in which a guardrail stopped an agent or caught it at something, with its session
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  who: whom the agent worked for
  session_id: in which session
  session_status: how it ended, where sessions are listed
  details: what the vendor says of it
  event_uid: the event
needs: [finding:guardrail]
*/
select
  g.occurred_at as "at",
  g.source,
  coalesce(g.actor_email, g.actor_name, g.actor_id) as who,
  g.session_id,
  s.status as session_status,
  g.details,
  g.event_uid
from guardrail_violations g
left join work_sessions s on s.source = g.source and s.session_id = g.session_id
where g.occurred_at >= $since and g.occurred_at < $until
order by g.occurred_at, g.event_uid
