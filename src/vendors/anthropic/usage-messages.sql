-- The tokens of one day per record, of which every result has those of one workspace, key, person and model. They are added up for each of
-- these, in all and by model, so that what is asked about one of them is one row. A figure is a number, whatever its name.
with results as (
  select r.* exclude (record), internal.instant_of(r.record ->> '$.starting_at') as period_start,
    internal.instant_of(r.record ->> '$.ending_at') as stated_end, result.value as result
  from records r, json_each(r.record -> '$.results') result
  where json_type(r.record -> '$.results') = 'ARRAY'
),

leaves as (
  select r.*, leaf.key as name, leaf.value as value, leaf.key as metric
  from results r, json_each(r.result) leaf
  where json_type(leaf.value) <> 'OBJECT'
  union all by name
  select r.*, leaf.key as name, leaf.value as value, concat(branch.key, '.', leaf.key) as metric
  from results r, json_each(r.result) branch, json_each(branch.value) leaf
  where json_type(branch.value) = 'OBJECT'
),

figures as (
  select
    * exclude (value),
    internal.figure_named(name, value) as value,
    result ->> 'model' as model_name,
    -- Null is a value: the default workspace, and what was tried out in the Console without a key.
    if(json_type(result -> '$.workspace_id') is null, null, coalesce(result ->> 'workspace_id', 'default')) as workspace,
    result ->> 'api_key_id' as api_key,
    result ->> 'account_id' as account,
    result ->> 'service_account_id' as service_account
  from leaves
  where internal.figure_named(name, value) is not null and json_type(value) <> 'VARCHAR'
),

scoped as (
  select *, unnest([
    {'scope': 'organization', 'scope_id': organization_id},
    {'scope': 'workspace', 'scope_id': workspace},
    {'scope': 'api_key', 'scope_id': api_key},
    {'scope': 'user', 'scope_id': account},
    {'scope': 'service_user', 'scope_id': service_account}
  ], recursive := true)
  from figures
),

added as (
  select
    seq, n, any_value(source) as source, any_value(vendor) as vendor, any_value(organization_id) as organization_id,
    any_value(stream) as stream, any_value(key) as key, any_value(period_start) as period_start, any_value(stated_end) as stated_end,
    any_value(seen_at) as seen_at, scope, scope_id, model_name, metric, sum(value) as value, grouping(model_name) = 1 as is_total
  from scoped
  where scope_id is not null
  group by grouping sets ((seq, n, scope, scope_id, metric), (seq, n, scope, scope_id, metric, model_name))
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  'usage-messages' as dataset,
  scope,
  scope_id,
  period_start,
  coalesce(stated_end, period_start + interval 24 hours) as period_end,
  'daily' as granularity,
  null::varchar as tool,
  model_name as model,
  metric,
  value,
  if(contains(metric, 'tokens'), 'tokens', 'count') as unit,
  seen_at as observed_at,
  seq,
  n
from added
-- What is of no model is in the total.
where isfinite(value) and (is_total or model_name is not null)
