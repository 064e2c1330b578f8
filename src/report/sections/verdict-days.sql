-- How many events on each day, by the vendor.
with points as (
  select (epoch_ms(occurred_at) - epoch_ms(asked.since)) // epoch_ms(asked.step) as point, vendor as name, count(*) as value
  from events_in, asked
  group by all
)
select asked.since + points.point * asked.step as "at", name, value from points, asked order by all
