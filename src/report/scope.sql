with asked as (
  select
    $since::timestamptz as since,
    $until::timestamptz as until,
    -- A point for each day; for each week where there are too many.
    if(until - since > interval 100 days, interval 7 days, interval 1 day) as step
),
sources_in as materialized (
  select distinct source, vendor from ledger where kind = 'batch' and $vendor in ('', vendor)
)
