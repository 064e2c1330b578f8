-- Changes of access of whom the report is about: to them, or by them.
create temp table grants_in as
select g.* from grants g, asked
where g."at" >= asked.since and g."at" < asked.until and g.source in (select source from sources_in)
  and (
    asked.is_everybody
    or (g.source, g.holder_id) in (select (source, user_id) from accounts_in)
    or (g.source, g.actor_id) in (select (source, user_id) from accounts_in)
  );
