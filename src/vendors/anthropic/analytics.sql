-- Figures of one person, or of the organization, on one day per record. A figure is a number, whatever its name, and an amount a decimal text
-- in cents.
with recursive nodes as (
  select seq, n, member.key as path, member.key as name, member.value
  from records r, json_each(r.record) member
  where member.key not in ('actor', 'user', 'date', 'starting_at', 'ending_at')
  union all
  select parent.seq, parent.n, concat(parent.path, '.', child.key), child.key, child.value
  from nodes parent, json_each(parent.value) child
  where json_type(parent.value) = 'OBJECT'
),

figures as (
  select
    seq,
    n,
    path as metric,
    if(name in ('amount', 'list_amount'), internal.major_units(value)::double, internal.figure_named(name, value)) as value,
    name in ('amount', 'list_amount') as is_money
  from nodes
  where json_type(value) <> 'OBJECT'
),

dated as (
  select
    *,
    coalesce(
      internal.instant_of(context ->> 'day'), internal.instant_of(record ->> '$.date'), internal.instant_of(record ->> '$.starting_at'), time
    ) as period_start,
    context ->> 'scope' as about,
    coalesce(record ->> '$.actor.user_id', record ->> '$.user.id', record ->> '$.user.user_id', record ->> '$.actor.id') as person
  from records
)

select
  d.source,
  d.vendor,
  d.organization_id,
  d.stream,
  d.key as record_key,
  d.stream as dataset,
  d.about as scope,
  if(d.about = 'user', d.person, d.organization_id) as scope_id,
  d.period_start,
  d.period_start + interval 24 hours as period_end,
  'daily' as granularity,
  if(f.is_money, coalesce(d.record ->> 'product', 'other'), null) as tool,
  null::varchar as model,
  f.metric,
  f.value,
  case
    when f.is_money then upper(coalesce(d.record ->> 'currency', 'USD'))
    when regexp_matches(f.metric, '(active|users|seat_count|invite_count)') and d.about = 'organization' then 'users'
    when contains(f.metric, 'lines_of_code') then 'lines'
    when contains(f.metric, 'tokens') then 'tokens'
    else 'count'
  end as unit,
  d.seen_at as observed_at,
  d.seq,
  d.n
from figures f
join dated d using (seq, n)
where isfinite(f.value) and (d.about <> 'user' or d.person is not null)
