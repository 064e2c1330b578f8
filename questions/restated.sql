/*
title: Which figures were corrected
answers: Every figure whose value was changed by the vendor after it was read, with the former and the newest value
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
  value: the newest value
  read_at: when the newest value was read
  revisions: how many values there were
needs: [target:figure]
*/
select
  source,
  dataset,
  concat_ws(' ', scope, coalesce(any_value(scope_name), scope_id), tool, model) as what,
  metric,
  period_start,
  arg_min(value, observed_at) as former,
  arg_max(value, observed_at) as value,
  max(observed_at) as read_at,
  count(*) as revisions
from usage_metrics_history
where granularity <> 'snapshot'
group by source, dataset, scope, scope_id, tool, model, metric, period_start, period_end, granularity
having count(*) > 1 and max(observed_at) >= $since and max(observed_at) < $until
order by read_at, source, dataset, what, metric, period_start
