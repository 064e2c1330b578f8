-- Of those who have an active account now: who left since is not counted.
with active as (
  select distinct vendor, person_id as person from accounts_in where status = 'active'
),
activity as (
  select vendor, person, count(*) as days from used group by all
)
select
  a.vendor,
  count(*) as persons,
  count(u.person) as used,
  round(100 * count(u.person) / count(*)) as percent,
  round(avg(u.days), 1) as days
from active a left join activity u using (vendor, person)
group by a.vendor
order by used desc, a.vendor
