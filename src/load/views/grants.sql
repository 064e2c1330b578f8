-- Every change of access. What an event says comes first: a difference between two directory readings that an event explains is left
-- out. Where the record has what was granted to whom, a vendor declares in its access.csv.

-- The text at a path of JSON, the first one of a list; what is no path stands for itself.
create macro internal.text_at(value, path) as
  case
    when not starts_with(path, '$') then path
    when json_type(value, path) = 'ARRAY' then value ->> (path || '[0]')
    else value ->> path
  end;

-- What a vendor does not declare in more detail grants or revokes something to or from whom it was done to.
create view internal.access_actions as
select
  a.vendor, a.action,
  coalesce(c.change, if(a.activity = 'grant', 'granted', 'revoked')) as change,
  nullif(c.kind, '') as kind, nullif(c.holder, '') as holder, nullif(c.role, '') as role,
  nullif(c.scope, '') as scope, nullif(c.place, '') as place,
  -- Who comes or goes gets or loses something, whether or not the event says what.
  a.activity in ('grant', 'revoke', 'create', 'delete') as is_certain
from internal.actions a
left join internal.access_changes c on c.vendor = a.vendor and c.action = a.action
where c.action is not null or (a.category in ('access', 'group') and a.activity in ('grant', 'revoke'));

-- Which roles administer, as the lists of any account at the vendor have it.
create view internal.administering_roles as
select v.vendor, lower(g.role) as role, bool_or(g.is_admin) as is_admin
from internal.grants g
join internal.entity_versions v using (seq, n)
where g.role is not null
group by all;

-- Few events change access: names are looked up for them alone. Null is no bound.
create macro internal.granting_events(since, until) as table
with acted as not materialized (
  select
    e.event_uid, e.source, e.vendor, e.organization_id, e.occurred_at, e.details, e.seq,
    e.actor_type, e.actor_id, e.actor_email, e.actor_name, e.ip_address, e.user_agent,
    e.target_type, e.target_id, e.target_email, e.target_name,
    c.change, c.kind, c.holder as holder_path, c.role as role_path, c.scope, c.place as place_path, c.is_certain,
    starts_with(c.role, '$') and json_array_length(e.details, c.role) > 1 as has_several
  from internal.events e
  join internal.access_actions c on c.vendor = e.vendor and c.action = e.action
  where (since is null or e.occurred_at >= since) and (until is null or e.occurred_at < until)
),
-- Hardly any has several: going through a list of one each would take longer than all else.
told as (
  select
    *,
    -- Where the role itself is what it was done to.
    coalesce(internal.text_at(details, role_path), if(target_type = 'role', coalesce(target_name, target_id), null)) as role,
    internal.text_at(details, place_path) as place
  from acted
  where has_several is not true
  union all
  select
    *,
    unnest(from_json(json_extract(details, role_path), '["VARCHAR"]')) as role,
    internal.text_at(details, place_path) as place
  from acted
  where has_several
),
held as (
  select
    *,
    coalesce(occurred_at, '-infinity'::timestamptz) as named_at,
    coalesce(kind, target_type) as holder_type,
    coalesce(
      internal.text_at(details, holder_path),
      case when kind is null or kind = target_type then target_id end
    ) as holder_id
  from told
  -- An update changes access where it says which.
  where is_certain or (role is not null and (place_path is null or place is not null))
)
select
  h.occurred_at as "at", h.source, h.vendor, h.change, h.holder_type, h.holder_id,
  case h.holder_id when h.target_id then coalesce(h.target_name, n.name) when h.actor_id then coalesce(h.actor_name, n.name) else n.name end
    as holder_name,
  case h.holder_id when h.target_id then coalesce(h.target_email, n.email) when h.actor_id then coalesce(h.actor_email, n.email) else n.email end
    as holder_email,
  h.role,
  -- By its name where no list of the vendor has the role.
  coalesce(r.is_admin, regexp_matches(h.role, '(?i)admin|owner')) as is_admin,
  -- `a/b`: the one where the event names an organization, else the other.
  if(h.organization_id is null, split_part(h.scope, '/', -1), split_part(h.scope, '/', 1)) as scope_type,
  case when h.place_path is not null then h.place when scope_type = 'organization' then h.organization_id end as scope_id,
  h.actor_type, h.actor_id,
  coalesce(h.actor_email, a.email) as actor_email, coalesce(h.actor_name, a.name) as actor_name,
  h.ip_address, h.user_agent, h.event_uid, h.seq
from held h
left join internal.names_over_time n
  on n.source = h.source and n.entity_id = h.holder_id and n.entity_type = h.holder_type
  and h.named_at >= n.holds_from and h.named_at < n.holds_to
left join internal.names_over_time a
  on a.source = h.source and a.entity_id = h.actor_id and a.entity_type = h.actor_type
  and h.named_at >= a.holds_from and h.named_at < a.holds_to
left join internal.administering_roles r on r.vendor = h.vendor and r.role = lower(h.role);

-- Who held what from when to when, by one list: nothing is held by who is deactivated. `next_seq` is the version that ended it.
create view internal.held_over_time as
with granted as (
  select
    seq, n, holder_type, holder_id, holder_name, coalesce(role, role_id) as role, coalesce(is_admin, false) as is_admin,
    scope_type, scope_id, expires_at
  from internal.grants
  union all by name
  select
    seq, n, 'user' as holder_type, user_id as holder_id, user_name as holder_name, 'member' as role, false as is_admin,
    'team' as scope_type, team_id as scope_id
  from internal.memberships
),
versions as (
  select *, lead(seq) over (partition by source, entity_type, entity_id order by seq, n) as next_seq
  from internal.dated_versions
),
held as (
  select distinct
    v.source, v.vendor, v.stream, v.entity_type, v.seq, v.next_seq, v.valid_from as holds_from,
    least(coalesce(v.valid_to, 'infinity'::timestamptz), coalesce(g.expires_at, 'infinity'::timestamptz)) as holds_to,
    g.holder_type, g.holder_id, g.holder_name, g.role, g.is_admin, g.scope_type, g.scope_id
  from versions v
  join granted g using (seq, n)
  where v.present and coalesce(v.attributes ->> 'status', 'active') = 'active'
)
select h.* replace (coalesce(h.holder_id, k.user_id) as holder_id)
from held h
left join internal.unique_user_names k
  on h.holder_type = 'user' and h.holder_id is null and k.source = h.source and k.username = lower(h.holder_name)
where h.holds_from < h.holds_to;

-- The same by all lists together, without an interruption: what `internal.held_periods` holds.
create view internal.held_periods_to_hold as
with marked as (
  select
    *,
    coalesce(holder_id, 'name ' || lower(holder_name)) as holder,
    max(holds_to) over (
      partition by source, holder_type, holder, role, scope_type, scope_id order by holds_from, holds_to, seq
      rows between unbounded preceding and 1 preceding
    ) as covered_to
  from internal.held_over_time
),
numbered as (
  select
    *,
    count(*) filter (covered_to is null or holds_from > covered_to) over (
      partition by source, holder_type, holder, role, scope_type, scope_id order by holds_from, holds_to, seq
      rows unbounded preceding
    ) as period
  from marked
)
select
  source, any_value(vendor) as vendor, holder_type, any_value(holder_id) as holder_id, arg_max(holder_name, (seq, holder_name)) as holder_name,
  role, bool_or(is_admin) as is_admin, scope_type, scope_id,
  min(holds_from) as holds_from, max(holds_to) as holds_to,
  arg_min(stream, (holds_from, seq)) as begun_stream, arg_min(seq, (holds_from, seq)) as begun_seq,
  arg_max(stream, (holds_to, seq)) as ended_stream,
  arg_max(coalesce(next_seq, seq), (holds_to, seq, coalesce(next_seq, seq))) as ended_seq
from numbered
group by source, holder_type, holder, role, scope_type, scope_id, period;

-- What a reading has and the one before had not. What the first complete reading of a list has was there before.
create view internal.directory_differences as
with readings as (
  select source, stream, seq, finished_at from internal.run_streams where outcome = 'complete' and job = 'sync'
),
edges as (
  select *, 'granted' as change, holds_from as "at", begun_stream as stream, begun_seq as seq from internal.held_periods
  union all
  select *, 'revoked' as change, holds_to as "at", ended_stream as stream, ended_seq as seq from internal.held_periods
  where holds_to < 'infinity'
)
select e.*, r.finished_at as not_before
from edges e
asof join readings r on r.source = e.source and r.stream = e.stream and e.seq > r.seq;

-- The changes of a period; null for no bound.
create macro main.grants_between(since, until) as table
with directory as materialized (
  select *
  from internal.directory_differences
  where (since is null or "at" >= since::timestamptz) and (until is null or "at" < until::timestamptz)
),
-- A reading takes its time, and a log may be behind it.
explaining as (
  from internal.granting_events(
    (select coalesce(min(not_before) - interval 1 hour, 'infinity') from directory),
    (select max("at") + interval 1 day from directory)
  )
),
differences as (
  select d.*
  from directory d
  anti join explaining e
    on e.source = d.source and e.change = d.change and e.holder_type = d.holder_type
    and (
      lower(e.role) = lower(d.role) or (e.is_admin and d.is_admin)
      -- Without a role, what there is in the same place: who leaves the organization leaves all of it, and that somebody came
      -- says nothing of a role that administers.
      or (e.role is null and if(
        d.change = 'revoked',
        coalesce(e.scope_type in ('organization', 'enterprise') or e.scope_type = d.scope_type, true),
        not d.is_admin and coalesce(e.scope_type = d.scope_type, true)
      ))
    )
    and (e.holder_id = d.holder_id or lower(e.holder_email) = lower(d.holder_id))
    and e."at" > d.not_before - interval 1 hour and e."at" <= d."at" + interval 1 day
),
changes as (
  select *, null::timestamptz as not_before, 'event' as known_by
  from internal.granting_events(since::timestamptz, until::timestamptz)
  union all by name
  select
    d."at", d.source, d.vendor, d.change, d.holder_type, d.holder_id, d.role, d.is_admin, d.scope_type, d.scope_id, d.not_before, d.seq,
    coalesce(n.name, d.holder_name) as holder_name, n.email as holder_email, 'difference' as known_by
  from differences d
  left join internal.names_over_time n
    on n.source = d.source and n.entity_type = d.holder_type and n.entity_id = d.holder_id
    and d."at" >= n.holds_from and d."at" < n.holds_to
)
select
  c."at", c.source, c.vendor, c.change, c.holder_type, c.holder_id, c.holder_name, c.holder_email,
  c.role, c.is_admin, c.scope_type, c.scope_id, s.name as scope_name,
  c.actor_type, c.actor_id, c.actor_email, c.actor_name, c.ip_address, c.user_agent,
  c.known_by, c.not_before, c.event_uid, c.seq
from changes c
left join internal.names_over_time s
  on s.source = c.source and s.entity_type = c.scope_type and s.entity_id = c.scope_id
  and coalesce(c."at", '-infinity') >= s.holds_from and coalesce(c."at", '-infinity') < s.holds_to;

create view main.grants as
from main.grants_between(null, null);

-- What was held at an instant, as far as it had been read then. Who is in a group holds what the group holds.
create macro main.access_as_of(wanted) as table
with now_held as materialized (
  select * from internal.held_periods where wanted >= holds_from and wanted < holds_to
),
in_groups as (
  select
    g.source, g.vendor, m.holder_type, m.holder_id, m.holder_name, g.role, g.is_admin, g.scope_type, g.scope_id,
    greatest(g.holds_from, m.holds_from) as holds_from, g.holder_type as group_type, g.holder_id as group_id
  from now_held g
  join now_held m
    on m.source = g.source and m.holder_type = 'user' and m.scope_type = 'team' and m.scope_id = g.holder_id
  where g.holder_type in ('team', 'idp_group')
),
holders as (
  select
    source, vendor, holder_type, holder_id, holder_name, role, is_admin, scope_type, scope_id,
    holds_from, null::varchar as group_type, null::varchar as group_id
  from now_held
  union all by name
  select * from in_groups
)
select
  h.source, h.vendor, h.holder_type, h.holder_id,
  coalesce(n.name, h.holder_name) as holder_name, n.email as holder_email,
  h.role, h.is_admin, h.scope_type, h.scope_id, s.name as scope_name,
  h.group_id, g.name as group_name, h.holds_from as since
from holders h
left join internal.names_over_time n
  on n.source = h.source and n.entity_type = h.holder_type and n.entity_id = h.holder_id
  and wanted >= n.holds_from and wanted < n.holds_to
left join internal.names_over_time s
  on s.source = h.source and s.entity_type = h.scope_type and s.entity_id = h.scope_id
  and wanted >= s.holds_from and wanted < s.holds_to
left join internal.names_over_time g
  on g.source = h.source and g.entity_type = h.group_type and g.entity_id = h.group_id
  and wanted >= g.holds_from and wanted < g.holds_to;

-- Whoever held a role that administers at an instant, once per source.
create macro main.admins_as_of(wanted) as table
select
  source, vendor, holder_type, holder_id, any_value(holder_name) as holder_name, any_value(holder_email) as holder_email,
  list_sort(list(distinct role)) as roles, list_sort(list(distinct group_name) filter (group_name is not null)) as group_names,
  min(since) as since
from main.access_as_of(wanted)
where is_admin and holder_type <> 'team' and holder_type <> 'idp_group'
group by source, vendor, holder_type, holder_id, if(holder_id is null, holder_name, null);
