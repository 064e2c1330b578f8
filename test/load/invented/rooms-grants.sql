select
  seq, n, 'user' as holder_type, unnest(from_json(attributes -> '$.keepers', '["VARCHAR"]')) as holder_name,
  'keeper' as role, true as is_admin, 'team' as scope_type, entity_id as scope_id
from versions
