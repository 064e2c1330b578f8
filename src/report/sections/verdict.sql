with actors as (
  select source, actor_type, actor_id, lower(actor_email) as email, count(*) as events from events_in group by all
),
-- Who has accounts at several vendors is one person.
whose as (
  select source, user_id, any_value(person_id) as person_id from person_accounts group by all
),
whole as (
  select
    coalesce(sum(events), 0) as events,
    count(distinct coalesce(a.person_id, e.email, e.source || '/' || e.actor_id)) filter (actor_type = 'user') as people,
    count(distinct e.source) as sources
  from actors e left join whose a on a.source = e.source and a.user_id = e.actor_id
),
holders as (
  select count(distinct p.person_id) as admins
  from admins a join accounts_in p using (source, user_id)
  where a.status = 'active'
),
accounts as (
  select count(*) filter (status = 'active') as active, count(distinct person_id) as persons from accounts_in
)
select * from whole, holders, accounts
