select
  seq,
  n,
  attributes ->> 'user_id' as user_id,
  attributes ->> 'team_id' as team_id
from versions
