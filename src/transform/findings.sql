with read as (
  select seq, n, from_json(record, '{
    "finding_id": "VARCHAR", "detection": "VARCHAR", "title": "VARCHAR", "severity": "VARCHAR", "source": "VARCHAR",
    "subject": "VARCHAR", "first_seen_at": "VARCHAR", "last_seen_at": "VARCHAR", "found_at": "VARCHAR",
    "evidence": ["VARCHAR"], "details": "JSON", "techniques": ["VARCHAR"], "respond": "VARCHAR", "state": "VARCHAR",
    "reason": "VARCHAR", "rule": "VARCHAR", "revision": "BIGINT"
  }') as f
  from records
)
select
  f.finding_id, f.detection, f.title, f.severity, f.source, f.subject,
  try_cast(f.first_seen_at as timestamptz) as first_seen_at,
  try_cast(f.last_seen_at as timestamptz) as last_seen_at,
  try_cast(f.found_at as timestamptz) as found_at,
  f.evidence, f.details, f.techniques, f.respond, f.state, f.reason, f.rule, f.revision,
  seq, n
from read
