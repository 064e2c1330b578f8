select person_id, name, gone_from, active_in, gone_seen_at, count(*) over () as total
from leavers
where person_id in (select person_id from accounts_in)
order by gone_seen_at desc
limit 50
