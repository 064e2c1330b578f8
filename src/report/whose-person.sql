accounts_in as materialized (
  select p.* from person_accounts p semi join sources_in using (source)
  where p.person_id in (
    select person_id from person_accounts
    where person_id = lower(trim($person)) or list_contains(known_by, 'email:' || lower(trim($person)))
  )
),
events_in as materialized (
  select e.* exclude (person_email, part) from timeline($person) e, asked
  where e.occurred_at >= asked.since and e.occurred_at < asked.until and $vendor in ('', e.vendor)
)
