select source, seats, seats_cap, active_users, round(100 * used_share) as percent, expires_at
from seats semi join sources_in using (source)
order by source
