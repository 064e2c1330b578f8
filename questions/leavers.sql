/*
title: Who left and still has an account
answers: Everybody who is gone from one source and active at another
columns:
  person: by whichever address is known
  name: the name
  gone_from: the sources at which no account is active any more
  active_in: the sources at which one still is
  gone_seen_at: when it was first read that an account was gone
needs: [target:entity]
*/
select person_id as person, name, gone_from, active_in, gone_seen_at
from leavers
order by gone_seen_at desc, person_id
