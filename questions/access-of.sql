/*
title: What one person may do
answers: Every role and membership of a person at all vendors, as of an instant, also by groups
parameters:
  address: { type: text, names: person, says: 'the person''s e-mail address, or a login of theirs' }
  at: { type: instant, default: now, says: as of when }
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
with own as (
  select source, user_id
  from person_accounts
  where person_id in (select person_id from person_accounts where list_contains(known_by, 'email:' || lower(trim($address))))
)
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
where holder_type = 'user' and (lower(holder_email) = lower(trim($address)) or (source, holder_id) in (from own))
order by source, is_admin desc, role, scope
