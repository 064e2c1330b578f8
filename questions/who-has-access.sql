/*
title: Who may do what
answers: Every role and membership at all vendors, as of an instant, also by groups
parameters:
  at: { type: instant, default: now, says: as of when }
  role: { type: text, names: role, default: null, says: 'a part of the name of a role; all of them without it' }
columns:
  source: the account at the vendor
  whose: who holds it
  kind: a person, a service user, a key or a group
  role: in the vendor's words
  is_admin: whether it administers
  scope: where it holds
  by_group: the group by which they hold it; null if they hold it themselves
  since: from when on, as far as it was observed
needs: [target:grant or target:membership]
*/
select
  source,
  coalesce(holder_email, holder_name, holder_id) as whose,
  holder_type as kind,
  role,
  is_admin,
  concat_ws(' ', scope_type, coalesce(scope_name, scope_id)) as scope,
  coalesce(group_name, group_id) as by_group,
  since
from access_as_of($at)
where $role is null or contains(lower(role), lower($role))
order by source, is_admin desc, whose, role, scope
