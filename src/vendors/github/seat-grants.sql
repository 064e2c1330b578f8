-- Who may use Copilot, and by whom: a seat without a person, after an invitation, is nobody's yet.
select
  seq,
  n,
  'user' as holder_type,
  attributes ->> '$.assignee.id' as holder_id,
  name as holder_name,
  'copilot ' || coalesce(attributes ->> '$.plan_type', 'unknown') as role,
  false as is_admin,
  case
    when json_type(attributes -> '$.assigning_team') = 'OBJECT' then 'team'
    when json_type(attributes -> '$.organization') = 'OBJECT' then 'organization'
    else 'enterprise'
  end as scope_type,
  case
    when json_type(attributes -> '$.assigning_team') = 'OBJECT' then attributes ->> '$.assigning_team.id'
    when json_type(attributes -> '$.organization') = 'OBJECT' then attributes ->> '$.organization.id'
  end as scope_id
from versions
where json_type(attributes -> '$.assignee') = 'OBJECT'
