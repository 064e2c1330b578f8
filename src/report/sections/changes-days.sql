select
  time_bucket(asked.step, occurred_at at time zone 'UTC', asked.since at time zone 'UTC') at time zone 'UTC' as "at",
  kind as name,
  count(*) as value
from changes, asked
group by all
order by all
