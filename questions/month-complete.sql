/*
title: Whether a month is complete
answers: For each stream, how many days of a month were read completely, and what is missing
parameters:
  month: { type: month, default: last, says: which month in UTC }
  at: { type: instant, default: now, says: as of when }
columns:
  source: the account at the vendor
  stream: which
  verdict: '`complete`, `gaps`, `not final yet`, or `from … on` if nothing is known of the days before'
  complete: how many days are complete
  provisional: how many were read, but what comes late may be missing
  gaps: how many were not read
  unknown: 'of how many nothing is known: they lie before the first reading, or are not over'
  reasons: why days are not complete
  events: of a log, how many there are
  seq: the newest ledger line that shows it
*/
with days as (
  select *, date_diff('day', $month, $month + interval 1 month) as days_of_month
  from coverage_as_of($at, interval 48 hours)
  where day >= $month and day < $month + interval 1 month
)
select
  source,
  stream,
  case
    when count(*) filter (state = 'gap') > 0 then 'gaps'
    when count(*) filter (state = 'provisional') > 0 then 'not final yet'
    when min(day) > $month then format('from {} on', min(day)::varchar)
    when count(*) < max(days_of_month) then 'not final yet'
    else 'complete'
  end as verdict,
  count(*) filter (state = 'complete') as complete,
  count(*) filter (state = 'provisional') as provisional,
  count(*) filter (state = 'gap') as gaps,
  max(days_of_month) - count(*) as unknown,
  list_sort(list(distinct reason) filter (state <> 'complete')) as reasons,
  sum(events) as events,
  max(seq) as seq
from days
group by source, stream
order by source, stream
