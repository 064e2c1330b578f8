select vendor, coalesce(action, '(none)') as action, count(*) as events, max(occurred_at) as last_at, count(*) over () as total
from events_in
where category = 'other'
group by all
order by events desc, action
limit 40
