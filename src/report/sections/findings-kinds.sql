select
  severity, title,
  count(*) filter (state = 'open') as open,
  count(*) filter (state <> 'open') as closed,
  max(last_seen_at) as last_at,
  any_value(respond) as respond
from found
group by rank, severity, title
order by rank, open desc, title
