/*
title: What agents worked on
answers: Every session of an agent that was begun in the period, by whom, how it is and what it cost
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  session_id: which
  who: who began it
  origin: from where, in the vendor’s words
  status: how it is
  title: what it is called
  acus: what it cost so far, in ACU
  pull_requests: those that it opened
needs: [target:session]
*/
select
  s.created_at as "at",
  s.source,
  s.session_id,
  coalesce(u.email, u.name, s.user_id, s.service_user_id) as who,
  s.origin,
  s.status,
  s.title,
  s.acus,
  s.pull_requests
from work_sessions s
left join users u on u.source = s.source and u.user_id = s.user_id
where s.created_at >= $since and s.created_at < $until
order by s.created_at, s.source, s.session_id
