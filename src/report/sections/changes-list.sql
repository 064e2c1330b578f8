select severity, kind, occurred_at, source, who, what, target, ip_address, event_uid, count(*) over () as total
from changes
order by rank, occurred_at desc, event_uid
limit 100
