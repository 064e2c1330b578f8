/*
title: Which days are not complete
answers: Every day of every stream in the period that is a gap, or not final yet, and why
parameters:
  since: { type: instant, default: 30d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  source: the account at the vendor
  stream: which
  day: the UTC day
  state: '`gap` or `provisional`'
  reason: why
  note: what there is to say about it
*/
select source, stream, day, state, reason, note
from coverage_as_of($until, interval 48 hours)
where state <> 'complete' and day >= $since::date and day <= $until::date
order by state, source, stream, day
