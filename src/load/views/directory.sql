-- Whoever is in the list of users, and who belongs by a group of an identity provider alone.
create view users as
with members as (
  select source, user_id, team_id from memberships_over_time where holds_to = 'infinity'::timestamptz
),
teams_now as (
  select source, entity_id, name from entity_history where entity_type = 'team' and valid_to is null
),
listed as (
  select * from entity_history where entity_type in ('user', 'idp_user') and valid_to is null
),
people as (
  select * from listed
  qualify row_number() over (partition by source, entity_id order by entity_type = 'user' desc) = 1
),
-- Where a user may hold several roles: those in all of the enterprise, whichever list says so.
enterprise_roles as (
  select source, entity_id, string_agg(distinct held.role.role_name, ', ' order by held.role.role_name) as roles
  from (
    select
      source, entity_id,
      unnest(list_concat(
        from_json(attributes -> '$.role_assignments', '[{"role": {"role_name": "VARCHAR"}, "org_id": "VARCHAR"}]'),
        from_json(attributes -> '$.idp_role_assignments', '[{"role": {"role_name": "VARCHAR"}, "org_id": "VARCHAR"}]')
      )) as held
    from listed
  )
  where held.org_id is null
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
left join enterprise_roles r on r.source = u.source and r.entity_id = u.entity_id
left join members m on m.source = u.source and m.user_id = u.entity_id
left join teams_now t
  on t.source = u.source and t.entity_id = coalesce(u.attributes ->> 'team_id', m.team_id);

create view teams as
select source, entity_id as team_id, name, attributes
from entity_history
where entity_type = 'team' and valid_to is null;

create view organizations as
select source, entity_id as organization_id, name, attributes
from entity_history
where entity_type = 'organization' and valid_to is null;

create view seats as
with licenses as (
  select
    source,
    try_cast(try_cast(attributes ->> 'seats' as double) as bigint) as seats,
    try_cast(try_cast(attributes ->> 'seatsCap' as double) as bigint) as seats_cap,
    -- Seconds since 1970; the vendor's other times are texts.
    coalesce(
      -- From here on a number is milliseconds: as seconds it would be the year 5138.
      try(to_timestamp(
        try_cast(attributes ->> 'exp' as double)
        / case when abs(try_cast(attributes ->> 'exp' as double)) >= 1e11 then 1000 else 1 end
      )),
      try_cast(attributes ->> 'exp' as timestamptz)
    ) as expires_at
  from entity_history
  where entity_type = 'license' and valid_to is null
),
registered as (
  select source, count(*) filter (status = 'active') as active_users from users group by source
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

-- Measured against the end of what was read, not against a clock: a reader that stopped makes nobody unused.
create view unused_accounts as
with places as (
  select source, stream, seq, "cursor" from ledger
  union all
  select entry ->> 'source', entry ->> 'stream', seq, entry -> 'cursor'
  from (select seq, unnest(from_json(streams, '["JSON"]')) as entry from runs)
),
-- Who was not asked about yet has no figures either: as long as a reading is under way nobody is called unused.
unfinished as (
  select source
  from (
    select source, stream, arg_max("cursor", seq) ->> 'window' as open_window
    from places
    where stream in ('usage-user', 'agent-usage-user') and "cursor" is not null and "cursor"::varchar <> 'null'
    group by source, stream
  )
  where open_window is not null
),
activity as (
  select source, scope_id as user_id, period_start, period_end, value
  from figures
  where latest and value is not null and scope = 'user' and dataset in ('usage-v2', 'agent-usage')
    -- A pseudonym is nobody's id: with them nothing can be said about anyone.
    and not starts_with(scope_id, 'anon-')
),
readings as (
  select source, max(period_end) as read_to from activity group by source
),
last_activity as (
  select source, user_id, max(period_end) as active_to, max(period_start) as active_from
  from activity where value > 0 group by source, user_id
)
select
  u.source,
  u.user_id,
  u.name,
  u.email,
  u.team_id,
  u.team_name,
  (a.active_from at time zone 'UTC')::date as last_active_day,
  r.read_to
from users u
join readings r on r.source = u.source
left join last_activity a on a.source = u.source and a.user_id = u.user_id
where u.status = 'active' and (a.active_to is null or a.active_to <= r.read_to - interval 30 days)
  and u.source not in (select source from unfinished);

-- The list of permissions has user names only. One that two users share says nothing about either.
create view unique_user_names as
select source, lower(name) as username, any_value(user_id) as user_id
from users
where name is not null
group by all
having count(*) = 1;

-- A role is held since the first version of the present, uninterrupted run of versions that have it.
create view admins as
with versions as (
  select
    *,
    present and coalesce(lower(attributes ->> 'role') = 'admin', false) as holds
  from dated_versions
  where entity_type in ('user', 'permission')
),
counted as (
  select
    *,
    count(*) filter (not holds) over (
      partition by source, entity_type, entity_id order by seq desc, n desc
    ) as interruptions_since
  from versions
),
current_runs as (
  select
    source,
    entity_type,
    entity_id,
    arg_max(name, (seq, n)) as name,
    min(valid_from) as since
  from counted
  where interruptions_since = 0
  group by source, entity_type, entity_id
),
holders as (
  select
    c.source,
    case when c.entity_type = 'user' then c.entity_id else k.user_id end as user_id,
    c.name,
    c.since,
    c.entity_type
  from current_runs c
  left join unique_user_names k on k.source = c.source and k.username = lower(c.name)
)
select
  h.source,
  h.user_id,
  coalesce(any_value(u.name), any_value(h.name)) as name,
  any_value(u.email) as email,
  any_value(u.status) as status,
  min(h.since) as since,
  list_sort(list(distinct h.entity_type)) as known_from
from holders h
left join users u on u.source = h.source and u.user_id = h.user_id
group by h.source, h.user_id, case when h.user_id is null then h.name end;
