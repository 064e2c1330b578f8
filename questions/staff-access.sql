/*
title: What the vendor's own people did
answers: Every event of the period in which the vendor's staff had access, or changed something
parameters:
  since: { type: instant, default: 90d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  action: the vendor's word
  who: who did it
  target: to whom or what
  ip_address: from where; null where the vendor logs none
  user_agent: with which program; null where the vendor logs none
  details: what the vendor says of it
  event_uid: the event
needs: [word:staff or word:impersonat or word:anthropic_access]
*/
select
  occurred_at as "at",
  source,
  action,
  coalesce(actor_email, actor_name, actor_id) as who,
  coalesce(target_email, target_name, target_id) as target,
  ip_address,
  user_agent,
  details,
  event_uid
from audit_events
where (regexp_matches(action, '(?i)(^|[^a-z])(staff|impersonat)') or starts_with(lower(action), lower(vendor) || '_access'))
  and occurred_at >= $since and occurred_at < $until
order by occurred_at, event_uid
