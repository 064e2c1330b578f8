-- Whoever is in the list of users, and who belongs by a group of an identity provider alone.
create view main.users as
with members as (
  select source, user_id, team_id from internal.memberships_over_time where holds_to = 'infinity'::timestamptz
),
teams_now as (
  select source, entity_id, name from main.entity_history where entity_type = 'team' and valid_to is null
),
listed as (
  select * from main.entity_history where entity_type in ('user', 'idp_user') and valid_to is null
),
people as (
  select * from listed
  qualify row_number() over (partition by source, entity_id order by entity_type = 'user' desc) = 1
),
-- Where a user may hold several roles: those in all of the enterprise, whichever list says so.
enterprise_roles as (
  select v.source, g.holder_id, string_agg(distinct g.role, ', ' order by g.role) as roles
  from internal.grants g
  join internal.dated_versions v using (seq, n)
  where v.present and v.valid_to is null and g.holder_type = 'user' and g.scope_type = 'enterprise' and g.role is not null
  group by all
)
select
  u.source,
  u.entity_id as user_id,
  u.name,
  u.email,
  coalesce(u.attributes ->> 'role', r.roles) as role,
  -- Whom a vendor lists without a status is a member.
  coalesce(u.attributes ->> 'status', 'active') as status,
  coalesce(u.attributes ->> 'team_id', m.team_id) as team_id,
  coalesce(t.name, u.attributes ->> 'team_name') as team_name
from people u
left join enterprise_roles r on r.source = u.source and r.holder_id = u.entity_id
left join members m on m.source = u.source and m.user_id = u.entity_id
left join teams_now t
  on t.source = u.source and t.entity_id = coalesce(u.attributes ->> 'team_id', m.team_id);

create view main.teams as
select source, entity_id as team_id, name, attributes
from main.entity_history
where entity_type = 'team' and valid_to is null;

create view main.organizations as
select source, entity_id as organization_id, name, attributes
from main.entity_history
where entity_type = 'organization' and valid_to is null;

-- A license may say `unlimited` instead of a number.
create view main.seats as
with licenses as (
  select
    source,
    try_cast(try_cast(attributes ->> 'seats' as double) as bigint) as seats,
    try_cast(try_cast(attributes ->> 'seats_cap' as double) as bigint) as seats_cap,
    try_cast(attributes ->> 'expires_at' as timestamptz) as expires_at
  from main.entity_history
  where entity_type = 'license' and valid_to is null
),
registered as (
  select source, count(*) filter (status = 'active') as active_users from main.users group by source
)
select
  l.source,
  l.seats,
  l.seats_cap,
  l.expires_at,
  r.active_users,
  case when l.seats > 0 then r.active_users / l.seats end as used_share
from licenses l
left join registered r on r.source = l.source;

-- A list may have user names only. A name that two users share says nothing about either.
create view internal.unique_user_names as
select source, lower(name) as username, any_value(user_id) as user_id
from main.users
where name is not null
group by all
having count(*) = 1;
