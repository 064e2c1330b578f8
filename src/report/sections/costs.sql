costs as (
  select
    coalesce(c.email, c.name, c.user_id) as who, c.source,
    coalesce(c.product, '(not split)') as product, c.unit,
    sum(c.cost) as cost
  from person_costs c
  join asked on c.period_start >= asked.since and c.period_start < asked.until
  semi join sources_in on sources_in.source = c.source
  where $person || $team = '' or (c.source, c.user_id) in (select (source, user_id) from accounts_in)
  group by all
)
