select
  time_bucket(asked.step, day at time zone 'UTC', asked.since at time zone 'UTC') at time zone 'UTC' as "at",
  vendor as name,
  count(distinct person) as value
from used, asked
group by all
order by all
