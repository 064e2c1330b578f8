select
  a.source, coalesce(a.name, a.email, a.user_id) as who, a.email, a.since,
  count(*) over () as total
from admins a
where a.status = 'active' and (a.source, a.user_id) in (select (source, user_id) from accounts_in)
order by a.since desc nulls last, who
limit 50
