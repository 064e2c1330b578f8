select
  g."at", g.change, g.role, coalesce(g.scope_name, g.scope_type) as scope,
  coalesce(g.holder_name, g.holder_email, g.holder_id) as holder,
  coalesce(g.actor_name, g.actor_email, g.actor_id, g.actor_type) as actor,
  g.source,
  if(g.known_by = 'event', 'event', 'two readings') as known_by,
  count(*) over () as total
from grants_in g
order by g."at" desc, g.event_uid
limit 50
