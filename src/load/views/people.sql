-- Of one source a second account may be active: then its person is not gone from it.
create view main.people as
with by_source as (
  select
    person_id, source, any_value(vendor) as vendor, bool_or(status = 'active') as is_active, count(*) as accounts,
    arg_max(name, (status = 'active', user_id)) as name,
    list(distinct email) filter (email is not null) as emails,
    min(status_seen_at) as seen_at
  from main.person_accounts
  group by person_id, source
)
select
  person_id,
  arg_max(name, (is_active, source)) as name,
  list_sort(list_distinct(flatten(list(coalesce(emails, []))))) as emails,
  list_sort(list(distinct vendor)) as vendors,
  coalesce(list(source order by source) filter (is_active), []) as active_in,
  coalesce(list(source order by source) filter (not is_active), []) as gone_from,
  min(seen_at) filter (not is_active) as gone_seen_at,
  sum(accounts)::bigint as accounts
from by_source
group by person_id;

create view main.leavers as
select person_id, name, emails, gone_from, active_in, gone_seen_at
from main.people
where gone_seen_at is not null and len(active_in) > 0;
