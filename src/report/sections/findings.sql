-- Open ones whenever they began, and closed ones of the period.
create temp table found as
select
  f.*,
  case severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end as rank
from findings f, asked
where f.first_seen_at < asked.until and (f.last_seen_at >= asked.since or f.state = 'open')
  and (f.source in (select source from sources_in) or f.source = 'auditlake' and asked.wanted_vendor is null)
  and (
    asked.is_everybody
    or lower(f.subject) in (select person_id from accounts_in union all select email from accounts_in)
    or f.finding_id in (
      select finding_id
      from (select finding_id, unnest(evidence) as event_uid from findings) semi join events_in using (event_uid)
    )
  )
