-- What each version of a thing lets somebody hold. `version` counts the versions of the thing, of which there are
-- `versions`. Roles that have run out are left out, measured against the last run and not against a clock.
create view internal.holdings as
with granted as (
  select
    seq, n, holder_type, holder_id, holder_name, coalesce(role, role_id) as role, is_admin, scope_type, scope_id
  from internal.grants
  where expires_at is null or coalesce(expires_at > (select max(finished_at) from main.runs), true)
  union all by name
  select
    seq, n, 'user' as holder_type, user_id as holder_id, user_name as holder_name, 'member' as role,
    false as is_admin, 'team' as scope_type, team_id as scope_id
  from internal.memberships
),
versions as (
  select
    *,
    row_number() over entity as version,
    count(*) over (partition by source, entity_type, entity_id) as versions
  from internal.dated_versions
  window entity as (partition by source, entity_type, entity_id order by seq, n)
)
select
  v.source, v.vendor, v.entity_type, v.entity_id, v.version, v.versions, v.valid_from,
  coalesce(v.attributes ->> 'status', 'active') = 'active' as is_active,
  g.holder_type, g.holder_id, g.holder_name,
  -- By which a holder is the same one in the next version.
  coalesce('id ' || g.holder_id, 'name ' || lower(g.holder_name)) as holder,
  g.role, coalesce(g.is_admin, false) as is_admin, g.scope_type, g.scope_id
from versions v
join granted g using (seq, n)
where v.present;

-- One assignment of a role or a team per row. It is held since the first version of the present, uninterrupted
-- run of versions that have it.
create view main.access_grants as
-- Nothing is held by who is deactivated. What is listed twice in a version is held once.
with held as (
  select distinct on (source, entity_type, entity_id, holder_type, holder, role, scope_type, scope_id, version) *
  from internal.holdings
  where is_active
),
counted as (
  select *, version - row_number() over (
    partition by source, entity_type, entity_id, holder_type, holder, role, scope_type, scope_id order by version
  ) as run
  from held
),
current_runs as (
  select
    source, vendor, holder_type, any_value(holder_id) as holder_id, role, scope_type, scope_id,
    arg_max(holder_name, version) as name,
    min(valid_from) as since
  from counted
  group by source, vendor, entity_type, entity_id, holder_type, holder, role, scope_type, scope_id, run
  having max(version) = max(versions)
),
holders as (
  select
    c.source, c.vendor, c.holder_type,
    coalesce(c.holder_id, k.user_id) as holder_id,
    c.name, c.role, c.scope_type, c.scope_id, c.since
  from current_runs c
  left join internal.unique_user_names k
    on c.holder_type = 'user' and c.holder_id is null and k.source = c.source and k.username = lower(c.name)
),
-- The same by two lists is one.
grants as (
  select
    source, vendor, holder_type, holder_id, any_value(name) as name, role, scope_type, scope_id, min(since) as since
  from holders
  group by source, vendor, holder_type, holder_id, if(holder_id is null, name, null), role, scope_type, scope_id
),
things_now as (
  select source, entity_type, entity_id, name
  from main.entity_history
  where valid_to is null
),
-- Of an account that has one organization only, whoever holds something holds it there.
only_organizations as (
  select source, any_value(entity_id) as entity_id
  from things_now
  where entity_type = 'organization'
  group by source
  having count(*) = 1
)
select
  g.source,
  g.vendor,
  g.holder_type,
  g.holder_id,
  coalesce(u.name, g.name) as holder_name,
  u.email as holder_email,
  g.role,
  g.scope_type,
  coalesce(g.scope_id, o.entity_id) as scope_id,
  t.name as scope_name,
  g.since
from grants g
left join main.users u on u.source = g.source and u.user_id = g.holder_id and g.holder_type = 'user'
left join only_organizations o on o.source = g.source and g.scope_type = 'organization'
left join things_now t
  on t.source = g.source and t.entity_type = g.scope_type and t.entity_id = coalesce(g.scope_id, o.entity_id);

-- People who hold a role that administers, whatever their status and wherever it holds.
create view main.admins as
with held as (
  select distinct on (source, entity_type, entity_id, holder, version) *
  from internal.holdings
  where is_admin and holder_type = 'user'
),
counted as (
  select *, version - row_number() over (
    partition by source, entity_type, entity_id, holder order by version
  ) as run
  from held
),
current_runs as (
  select
    source, entity_type, any_value(holder_id) as holder_id,
    arg_max(holder_name, version) as name,
    min(valid_from) as since
  from counted
  group by source, entity_type, entity_id, holder, run
  having max(version) = max(versions)
),
holders as (
  select c.source, coalesce(c.holder_id, k.user_id) as user_id, c.name, c.since, c.entity_type
  from current_runs c
  left join internal.unique_user_names k
    on c.holder_id is null and k.source = c.source and k.username = lower(c.name)
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
left join main.users u on u.source = h.source and u.user_id = h.user_id
group by h.source, h.user_id, case when h.user_id is null then h.name end;
