-- DuckDB reads a bound that it knows while it plans no further than it has to.
set variable since = $since::timestamptz;
set variable until = $until::timestamptz;
create temp table asked as
select
  getvariable('since') as since,
  getvariable('until') as until,
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

-- Names are looked up where they are shown, for few events.
create temp view happened as
select
  e.event_uid, e.source, e.vendor, e.occurred_at, e.action, coalesce(a.category, 'other') as category,
  e.actor_type, e.actor_id, e.actor_email
from internal.events e
left join internal.actions a on a.vendor = e.vendor and a.action = e.action
where e.occurred_at >= getvariable('since') and e.occurred_at < getvariable('until')
  and e.source in (select source from sources_in);
