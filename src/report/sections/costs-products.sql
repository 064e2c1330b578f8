select
  source, product, basis, unit,
  round(sum(amount), 2) as amount,
  count(distinct who) filter (is_own and amount > 0) as people,
  count(*) over () as total
from costs_in
group by source, product, basis, unit
order by source, basis, unit, amount desc
limit 60
