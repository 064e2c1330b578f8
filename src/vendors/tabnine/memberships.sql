-- One membership of a team per version: a team's list of members names users that the list of users may lack.
select
  seq,
  n,
  attributes ->> 'user_id' as user_id,
  name as user_name,
  attributes ->> 'team_id' as team_id
from versions
where (attributes ->> 'team_id') is not null
