select
  severity, title, subject, source, last_seen_at, state, reason,
  -- So many can be looked at; the finding has all of them.
  evidence[:5] as events,
  len(evidence) as event_count,
  'auditlake:' || finding_id as finding,
  count(*) over () as total
from found
order by state desc, rank, last_seen_at desc, finding_id
limit 60
