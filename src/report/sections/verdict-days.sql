-- How many events on each day, by the vendor.
with days as (
  select time_bucket(asked.step, occurred_at at time zone 'UTC', asked.since at time zone 'UTC') at time zone 'UTC' as "at", vendor as name
  from events_in, asked
)
select "at", name, count(*) as value from days group by all order by all
