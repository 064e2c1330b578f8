-- Who is in a team of one vendor has accounts at others, which know no such team.
accounts_in as materialized (
  select p.* from person_accounts p semi join sources_in using (source)
  where p.person_id in (
    select a.person_id
    from users u join person_accounts a using (source, user_id)
    where $team in (u.team_id, u.team_name)
  )
),
events_in as materialized (
  select e.* from audit_events e, asked
  where e.occurred_at >= asked.since and e.occurred_at < asked.until and $vendor in ('', e.vendor)
    and (
      $team in (e.team_id, e.team_name)
      or (e.source, e.actor_id) in (select (source, user_id) from accounts_in)
      or lower(e.actor_email) in (select email from accounts_in)
    )
)
