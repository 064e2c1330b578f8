/*
title: Which actions auditlake does not know
answers: Every action that is in no vocabulary yet, with how many events there are
columns:
  source: the account at the vendor
  action: the vendor's word
  events: how many
  first_at: when the first one happened
  last_at: when the last one happened
  example: the newest event
needs: [target:event]
*/
select
  source,
  action,
  count(*) as events,
  min(occurred_at) as first_at,
  max(occurred_at) as last_at,
  arg_max(event_uid, (occurred_at, event_uid)) as example
from audit_events
where category = 'other'
group by all
order by events desc, source, action
