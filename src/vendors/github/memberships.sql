-- One membership of a team per version.
select
  seq,
  n,
  attributes ->> 'user_id' as user_id,
  name as user_name,
  attributes ->> 'team_id' as team_id
from versions
where (attributes ->> 'team_id') is not null
