-- What somebody used in an hour, as figures of its day: amounts in dollars or in credits, which are never added to one another, and
-- tokens. Several records may be of one hour: they add up, each once.
with parsed as (
  select
    *,
    from_json(record, '{
      "day": "VARCHAR", "organization_id": "VARCHAR", "product": "VARCHAR", "model": "VARCHAR",
      "identity": {"user_id": "VARCHAR", "email": "VARCHAR"},
      "measures": {"usage": "JSON", "billing": [{"cost": {"value": "JSON", "unit": "VARCHAR"}}]}
    }') as r
  from records
),

dated as (
  select
    *,
    internal.day_of(coalesce(internal.instant_of(r.day), "time")) as day_start,
    coalesce(nullif(r.identity.user_id, ''), nullif(lower(r.identity.email), '')) as person
  from parsed
),

billed as (
  select seq, n, unnest(r.measures.billing) as line from dated
),

figures as (
  select
    seq, n,
    case upper(line.cost.unit) when 'USD' then 'cost' when 'CREDITS' then 'credits' end as metric,
    sum(try_cast(line.cost.value ->> '$' as decimal(38, 15)))::double as value,
    case upper(line.cost.unit) when 'USD' then 'USD' when 'CREDITS' then 'credits' end as unit
  from billed
  where upper(line.cost.unit) in ('USD', 'CREDITS')
  group by all
  union all by name
  select d.seq, d.n, internal.snake_case(u.key) as metric, internal.figure_of(u.value) as value, 'tokens' as unit
  from dated d, json_each(d.r.measures.usage) u
  where json_type(d.r.measures.usage) = 'OBJECT' and u.key like '%tokens'
)

select
  d.source,
  d.vendor,
  nullif(d.r.organization_id, '') as organization_id,
  d.stream,
  d.key as record_key,
  d.stream as dataset,
  if(d.person is null, 'organization', 'user') as scope,
  coalesce(d.person, 'organization') as scope_id,
  d.day_start as period_start,
  d.day_start + interval 24 hours as period_end,
  'daily' as granularity,
  nullif(d.r.product, '') as tool,
  nullif(d.r.model, '') as model,
  f.metric,
  f.value,
  f.unit,
  d.seen_at as observed_at,
  seq,
  n
from figures f
join dated d using (seq, n)
where isfinite(f.value) and d.day_start is not null
