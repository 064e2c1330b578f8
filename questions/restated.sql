/*
title: Which figures were corrected
answers: Every figure whose value was changed by the vendor after it was read, with the value before and the newest one
parameters:
  since: { type: instant, default: 90d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  source: the account at the vendor
  dataset: which API counted
  what: what it is about
  metric: the vendor's path
  period_start: begin of its period
  former: the value before
  value: the newest value; null if the vendor took it back
  read_at: when the newest value was read
  revisions: how many values there were
needs: [target:figure]
*/
select
  source,
  dataset,
  concat_ws(' ', scope, coalesce(scope_name, scope_id), tool, model) as what,
  metric,
  period_start,
  former,
  value,
  observed_at as read_at,
  revisions
from restated_between($since, $until)
order by read_at, source, dataset, what, metric, period_start, former, value
