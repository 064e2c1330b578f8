-- Figures of one person, or of the organization, on one day per record. A figure is a number, whatever its name, and an amount a decimal text
-- in cents.
with leaves as (
  select
    r.seq, r.n,
    -- Below the top level: `$.chat_metrics.message_count`.
    replace(substr(leaf.fullkey, 3), '"', '') as metric,
    leaf.key as name,
    leaf.value
  from (select seq, n, record from records) r, json_tree(r.record) leaf
  where leaf.type not in ('OBJECT', 'ARRAY', 'NULL', 'BOOLEAN')
),

figures as (
  select
    seq,
    n,
    metric,
    if(name in ('amount', 'list_amount'), internal.major_units(value)::double, internal.figure_named(name, value)) as value,
    name in ('amount', 'list_amount') as is_money
  from leaves
  where not starts_with(metric, 'actor.') and not starts_with(metric, 'user.')
    and metric not in ('date', 'starting_at', 'ending_at') and not contains(metric, '[')
),

dated as (
  select
    * exclude (record, context),
    coalesce(
      internal.instant_of(context ->> 'day'), internal.instant_of(record ->> '$.date'), internal.instant_of(record ->> '$.starting_at'), time
    ) as period_start,
    context ->> 'scope' as about,
    coalesce(record ->> '$.actor.user_id', record ->> '$.user.id', record ->> '$.user.user_id', record ->> '$.actor.id') as person,
    coalesce(record ->> 'product', 'other') as product,
    upper(coalesce(record ->> 'currency', 'USD')) as currency
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
  if(f.is_money, d.product, null) as tool,
  f.metric,
  f.value,
  case
    when f.is_money then d.currency
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
