-- Usage or costs of one day per record. The days come twice: with a result for each product and model, of which a day has a hundred at most, and
-- without any, which is the total. Amounts are decimal texts in cents, added up as decimals.
with results as (
  select r.* exclude (record), internal.instant_of(r.record ->> '$.starting_at') as period_start,
    internal.instant_of(r.record ->> '$.ending_at') as stated_end, result.value as result,
    (r.context ->> 'part') = 'total' as is_total
  from records r, json_each(r.record -> '$.results') result
  where json_type(r.record -> '$.results') = 'ARRAY'
),

leaves as (
  select r.*, leaf.key as name, leaf.key as metric, leaf.value as value
  from results r, json_each(r.result) leaf
  where json_type(leaf.value) <> 'OBJECT'
  union all by name
  select r.*, leaf.key as name, concat(branch.key, '.', leaf.key) as metric, leaf.value as value
  from results r, json_each(r.result) branch, json_each(branch.value) leaf
  where json_type(branch.value) = 'OBJECT'
),

figures as (
  select
    * exclude (value),
    case
      when name in ('amount', 'list_amount') then internal.major_units(value)
      when json_type(value) <> 'VARCHAR' then try_cast(internal.figure_named(name, value) as decimal(33, 14))
    end as value,
    if(name in ('amount', 'list_amount'), upper(coalesce(result ->> 'currency', 'USD')), null) as currency,
    if(is_total, null, result ->> 'product') as product,
    if(is_total, null, result ->> 'model') as model_name
  from leaves
),

added as (
  select
    seq, n, any_value(source) as source, any_value(vendor) as vendor, any_value(organization_id) as organization_id,
    any_value(stream) as stream, any_value(key) as key, any_value(period_start) as period_start, any_value(stated_end) as stated_end,
    any_value(seen_at) as seen_at, any_value(currency) as currency, is_total, product, model_name, metric, sum(value) as value,
    grouping(product) = 1 as all_products, grouping(model_name) = 1 as all_models
  from figures
  where value is not null
  group by grouping sets (
    (seq, n, is_total, metric), (seq, n, is_total, metric, product), (seq, n, is_total, metric, model_name),
    (seq, n, is_total, metric, product, model_name)
  )
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  stream as dataset,
  'organization' as scope,
  organization_id as scope_id,
  period_start,
  coalesce(stated_end, period_start + interval 24 hours) as period_end,
  'daily' as granularity,
  product as tool,
  model_name as model,
  metric,
  value::double as value,
  case
    when currency is not null then currency
    when contains(metric, 'tokens') then 'tokens'
    else 'count'
  end as unit,
  seen_at as observed_at,
  seq,
  n
from added
where is_total = (all_products and all_models)
  and (all_products or product is not null) and (all_models or model_name is not null)
