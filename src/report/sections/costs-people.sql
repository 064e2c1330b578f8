select who, source, product, unit, round(cost, 2) as cost, count(*) over () as total
from costs
where cost > 0
order by row_number() over (partition by unit order by cost desc, who), unit
limit 50
