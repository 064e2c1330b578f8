create temp table asked as
select
  $since::timestamptz as since,
  $until::timestamptz as until,
  -- A point for each day; for each week where there are too many.
  if(until - since > interval 100 days, interval 7 days, interval 1 day) as step,
  nullif(lower(trim($person)), '') as wanted_person,
  nullif($team, '') as wanted_team,
  nullif($vendor, '') as wanted_vendor,
  wanted_person is null and wanted_team is null as is_everybody;

create temp table sources_in as
select distinct l.source, l.vendor
from ledger l, asked
where l.kind = 'batch' and coalesce(l.vendor = asked.wanted_vendor, asked.wanted_vendor is null);

create temp view happened as
select e.* from audit_events e, asked
where e.occurred_at >= asked.since and e.occurred_at < asked.until and coalesce(e.vendor = asked.wanted_vendor, asked.wanted_vendor is null);
