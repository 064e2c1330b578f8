-- One role in the enterprise per row: people are named by their logins.
with roles as (
  select
    *,
    unnest(from_json(attributes -> '$.github_com_enterprise_roles', '["VARCHAR"]')) as role
  from versions
)
select
  seq,
  n,
  'user' as holder_type,
  name as holder_name,
  role,
  regexp_matches(role, '(?i)owner') as is_admin,
  'enterprise' as scope_type,
  null::varchar as scope_id
from roles
where role <> '' and name is not null
