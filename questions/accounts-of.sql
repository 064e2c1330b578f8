/*
title: Which accounts one person has
answers: Every account of a person at all vendors, also one that is gone
parameters:
  address: { type: text, names: person, says: 'the person''s e-mail address, or a login of theirs' }
columns:
  source: the account at the vendor
  user_id: the vendor's id
  name: in the vendor's words
  email: in lower case
  status: '`active`, `deactivated`, `removed`, or in the vendor’s words'
  since: when its present state was read first
  known_by: what ties it to the others
needs: [target:entity]
*/
select source, user_id, name, email, status, status_seen_at as since, known_by
from person_accounts
where person_id in (select person_id from person_accounts where list_contains(known_by, 'email:' || lower(trim($address))))
order by source, account_type, user_id
