-- Who was made an administrator or is one no longer, of whom the report is about: to them, or by them. All other changes are many.
create temp table grants_in as
select
  g."at", g.source, g.change, g.role, g.scope_name, g.scope_type, g.holder_name, g.holder_email, g.holder_id,
  g.actor_name, g.actor_email, g.actor_id, g.actor_type, g.ip_address, g.known_by, g.event_uid
from grants_between(getvariable('since'), getvariable('until')) g, asked
where g.is_admin and g.source in (select source from sources_in)
  and (
    asked.is_everybody
    or (g.source, g.holder_id) in (select (source, user_id) from accounts_in)
    or (g.source, g.actor_id) in (select (source, user_id) from accounts_in)
  );
