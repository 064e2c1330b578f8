select
  severity, kind, occurred_at, vendor, source,
  coalesce(actor_name, actor_email, actor_id, actor_type) as who,
  action,
  coalesce(target_name, target_email, target_id) as target,
  ip_address, event_uid, seq,
  count(*) over () as total
from changes
order by rank, occurred_at desc, event_uid
limit 100
