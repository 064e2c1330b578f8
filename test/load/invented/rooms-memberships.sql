select seq, n, unnest(from_json(attributes -> '$.members', '["VARCHAR"]')) as user_id, entity_id as team_id
from versions
