/*
title: What went wrong while reading
answers: 'Everything that was found while reading: events that were changed, vanished, or could not be mapped'
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  stream: in which
  kind: what it is
  what: about what
  seq: the ledger line of the batch
*/
select "at", source, stream, kind, what, seq
from anomalies
where "at" >= $since and "at" < $until
order by "at", seq, n, kind
