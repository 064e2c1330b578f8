select
  u.source, coalesce(u.name, u.user_id) as who, u.email, u.team_name, u.last_active_day, u.read_to,
  count(*) over () as total
from unused_accounts u
where (u.source, u.user_id) in (select (source, user_id) from accounts_in)
order by u.last_active_day nulls first, who
limit 50
