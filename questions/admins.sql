/*
title: Who administers
answers: Everybody and every key that holds a role which administers, as of an instant
parameters:
  at: { type: instant, default: now, says: as of when }
columns:
  source: the account at the vendor
  whose: who
  kind: a person, a service user or a key
  roles: in the vendor's words
  by_groups: the groups by which they hold them; null if they hold them themselves
  since: from when on, as far as it was observed
needs: [target:grant]
*/
select
  source,
  coalesce(holder_email, holder_name, holder_id) as whose,
  holder_type as kind,
  roles,
  group_names as by_groups,
  since
from admins_as_of($at)
order by source, whose
