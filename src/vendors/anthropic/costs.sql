-- What one day costs per record, of which every result has a line of the bill: a decimal text in cents. The lines are added up as decimals, for
-- the organization and each workspace: in all, by model, and by kind of cost.
with results as (
  select r.* exclude (record), internal.instant_of(r.record ->> '$.starting_at') as period_start,
    internal.instant_of(r.record ->> '$.ending_at') as stated_end, result.value as result
  from records r, json_each(r.record -> '$.results') result
  where json_type(r.record -> '$.results') = 'ARRAY'
),

lines as (
  select
    * exclude (result),
    internal.major_units(result -> '$.amount') as amount,
    upper(coalesce(result ->> 'currency', 'USD')) as currency,
    coalesce(result ->> 'workspace_id', 'default') as workspace,
    result ->> 'model' as model_name,
    -- Without a kind the description says what a line is for.
    coalesce(result ->> 'cost_type', result ->> 'description') as kind
  from results
),

scoped as (
  select *, unnest([
    {'scope': 'organization', 'scope_id': organization_id},
    {'scope': 'workspace', 'scope_id': workspace}
  ], recursive := true)
  from lines
  where amount is not null
),

added as (
  select
    seq, n, any_value(source) as source, any_value(vendor) as vendor, any_value(organization_id) as organization_id,
    any_value(stream) as stream, any_value(key) as key, any_value(period_start) as period_start, any_value(stated_end) as stated_end,
    any_value(seen_at) as seen_at, scope, scope_id, currency, model_name, kind, sum(amount) as amount,
    grouping(model_name) = 0 as is_of_model, grouping(kind) = 0 as is_of_kind
  from scoped
  group by grouping sets (
    (seq, n, scope, scope_id, currency),
    (seq, n, scope, scope_id, currency, model_name),
    (seq, n, scope, scope_id, currency, kind)
  )
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'costs' as dataset,
  scope,
  scope_id,
  period_start,
  coalesce(stated_end, period_start + interval 24 hours) as period_end,
  'daily' as granularity,
  kind as tool,
  model_name as model,
  'amount' as metric,
  amount::double as value,
  currency as unit,
  seen_at as observed_at,
  seq,
  n
from added
where (not is_of_model or model_name is not null) and (not is_of_kind or kind is not null)
