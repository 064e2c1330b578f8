create temp table costs_in as
select
  coalesce(c.person_id, c.scope_name, c.scope_id, c.scope) as who,
  c.source,
  coalesce(c.product, c.model, '(not split)') as product,
  c.basis, c.unit, c.amount,
  c.scope in ('user', 'service_user', 'session', 'api_key') as is_own
from asked, costs c
semi join sources_in on sources_in.source = c.source
where c.measure = 'cost' and c.period_start >= getvariable('since') and c.period_start < getvariable('until')
  and (asked.is_everybody or c.person_id in (select person_id from accounts_in))
