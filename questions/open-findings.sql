/*
title: What detections found and nobody closed
answers: Every open finding, the worst first
columns:
  severity: how bad
  title: what it is
  source: the account at the vendor
  subject: about whom or what
  first_seen_at: when it happened first
  last_seen_at: when it happened last
  evidence: the events that show it
  finding_id: by which it is closed
*/
select severity, title, source, subject, first_seen_at, last_seen_at, evidence, finding_id
from findings
where state = 'open'
order by list_position(['critical', 'high', 'medium', 'low'], severity), last_seen_at desc, finding_id
