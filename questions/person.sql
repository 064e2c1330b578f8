/*
title: What one person did, and what was done to them
answers: Every event of a person in the period, at all vendors, whichever account or field names them
parameters:
  address: { type: text, names: person, says: 'the person''s e-mail address, or a login of theirs' }
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  part: '`actor`, `target`, or `named` elsewhere in the record'
  action: the vendor's word
  who: who did it
  target: to whom or what
  ip_address: from where; null where the vendor logs none
  user_agent: with which program; null where the vendor logs none
  event_uid: the event
needs: [target:event]
*/
select
  occurred_at as "at",
  source,
  part,
  action,
  coalesce(actor_email, actor_name, actor_id) as who,
  coalesce(target_email, target_name, target_id) as target,
  ip_address,
  user_agent,
  event_uid
from timeline($address, since := $since, until := $until)
order by occurred_at, event_uid
