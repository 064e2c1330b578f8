accounts_in as materialized (
  select p.* from person_accounts p semi join sources_in using (source)
),
events_in as (
  select e.* from audit_events e, asked
  where e.occurred_at >= asked.since and e.occurred_at < asked.until and $vendor in ('', e.vendor)
)
