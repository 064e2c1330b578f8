/*
title: What one event says
answers: One event by its uid, with the record as the vendor served it; earlier revisions are in the archive
parameters:
  uid: { type: text, names: event, says: the event_uid }
columns:
  at: when
  source: the account at the vendor
  action: the vendor's word
  who: who did it
  target: to whom or what
  ip_address: from where; null where the vendor logs none
  revision: 1, or more if the vendor changed the event
  read_at: when it was read first
  seq: the ledger line that brought it
  raw: the record as it was served
needs: [target:event]
*/
select
  occurred_at as "at",
  source,
  action,
  coalesce(actor_email, actor_name, actor_id) as who,
  coalesce(target_email, target_name, target_id) as target,
  ip_address,
  revision,
  first_seen_at as read_at,
  seq,
  raw
from audit_events
where event_uid = $uid
