select
  g.source, g.role, g.scope_type,
  count(*) filter (holder_type = 'user') as users,
  count(*) filter (holder_type = 'service_user') as service_users,
  count(*) filter (holder_type = 'idp_group') as groups,
  count(*) over () as total
from access_grants g, asked
where g.source in (select source from sources_in)
  and (asked.is_everybody or (g.source, g.holder_id) in (select (source, user_id) from accounts_in))
group by all
order by g.source, users desc
limit 60
