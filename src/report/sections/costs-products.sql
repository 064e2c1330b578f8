select source, product, unit, round(sum(cost), 2) as cost, count(distinct who) filter (cost > 0) as people, count(*) over () as total
from costs
group by source, product, unit
order by source, unit, cost desc
limit 60
