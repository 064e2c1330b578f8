/*
title: A vendor served its history differently than before
answers: Which events of an audit log were changed or are no longer served, after they had been archived
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day on which it was found
  kind: how it differs
  stream: in which stream
  what: about what
severity: critical
attack: [T1070, T1565.001]
sigma: Audit log tampering
falsePositives: A vendor that corrects its log; a log that is kept for a shorter time than measured
respond: 'Compare both revisions: the archive has them. Many of them, or any about keys and roles, are an incident'
key: [source, kind, day]
*/
select
  "at", source, coalesce(told ->> 'event_uid', what) as subject,
  list_filter([told ->> 'event_uid'], lambda uid: uid is not null) as evidence,
  "at"::date as day, kind, stream, what
from (select *, if(json_valid(what), what, null)::json as told from anomalies)
where seq > $after and kind in ('changed', 'vanished', 'reappeared')
