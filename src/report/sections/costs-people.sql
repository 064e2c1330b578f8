select who, source, product, basis, unit, round(sum(amount), 2) as amount, count(*) over () as total
from costs_in
where is_own
group by who, source, product, basis, unit
having sum(amount) > 0
order by row_number() over (partition by basis, unit order by sum(amount) desc, who), basis, unit
limit 50
