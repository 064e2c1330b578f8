/*
title: What it cost
answers: What a month cost by person, team, model, product, source or day; amounts with another unit or basis are other rows
parameters:
  by: { type: text, oneOf: [person, team, model, product, source, day], default: person, says: '`person`, `team`, `model`, `product`, `source` or `day`' }
  month: { type: month, default: last, says: which month in UTC }
columns:
  what: what it is given to; null if the vendor gives it to none
  cost: how much
  unit: a currency, or what the vendor counts in
  basis: what the amount stands on, such as `billed` or `list_price`; never add across it
  sources: the accounts at the vendors
needs: [measure:cost]
*/
with teams as (
  select source, user_id, any_value(team_name) as team_name from users group by source, user_id
)
select
  case $by
    when 'person' then coalesce(c.person_id, if(c.scope in ('user', 'service_user'), coalesce(c.scope_name, c.scope_id), null))
    when 'team' then coalesce(t.team_name, if(c.scope = 'team', coalesce(c.scope_name, c.scope_id), null))
    when 'model' then c.model
    when 'product' then c.product
    when 'source' then c.source
    when 'day' then c.day::varchar
    else error('--by is one of person, team, model, product, source and day')
  end as what,
  round(sum(c.amount), 6) as cost,
  c.unit,
  c.basis,
  list_sort(list(distinct c.source)) as sources
from costs c
left join teams t on c.scope = 'user' and t.source = c.source and t.user_id = c.scope_id
where c.measure = 'cost' and c.period_start >= $month::timestamptz and c.period_start < ($month + interval 1 month)::timestamptz
group by all
having round(sum(c.amount), 6) <> 0
order by c.unit, c.basis, cost desc, what
