select
  a.source, coalesce(a.name, a.email, a.user_id) as who, a.email, a.since,
  a.since >= asked.since and a.since < asked.until as is_new,
  count(*) over () as total
from admins a, asked
where a.status = 'active' and (a.source, a.user_id) in (select (source, user_id) from accounts_in)
order by a.since desc nulls last, who
limit 50
