-- Who has a figure above zero of a day used it that day. A person with accounts at several sources of a vendor is one.
create temp table used as
select distinct m.vendor, coalesce(a.person_id, m.source || '/' || m.scope_id) as person, m.period_start as day
from usage_metrics m
join asked on m.period_start >= asked.since and m.period_start < asked.until
semi join sources_in on sources_in.source = m.source
left join accounts_in a on a.source = m.source and a.user_id = m.scope_id
where m.scope = 'user' and m.granularity = 'daily' and m.value > 0
  and (asked.is_everybody or a.person_id is not null)
