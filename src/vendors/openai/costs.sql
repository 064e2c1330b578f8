-- What one day cost, per project, line item and key, in dollars. Totals are added up from that, as decimals: the vendor sends
-- fractions with many digits, as numbers or as texts.
with results as (
  select
    *,
    unnest(from_json(coalesce(record -> '$.results', record -> '$.result'), '[{
      "amount": {"value": "JSON", "currency": "VARCHAR"}, "line_item": "VARCHAR", "project_id": "VARCHAR",
      "api_key_id": "VARCHAR", "quantity": "JSON", "quantity_unit": "VARCHAR"
    }]')) as result
  from records
),

measured as (
  select
    source, vendor, stream, key, seen_at, seq, n,
    -- Where a day ends that is not over, the vendor may say when it was asked.
    internal.instant_of(record ->> '$.start_time') as period_start,
    period_start + interval 24 hours as period_end,
    nullif(result.project_id, '') as project,
    nullif(result.api_key_id, '') as api_key,
    nullif(result.line_item, '') as tool,
    unnest([
      {
        'metric': 'amount.value',
        'value': try_cast(result.amount.value ->> '$' as decimal(38, 15)),
        'unit': coalesce(upper(nullif(result.amount.currency, '')), 'USD')
      },
      -- Of a unit that the vendor does not name it is not known what was counted.
      {
        'metric': 'quantity',
        'value': try_cast(result.quantity ->> '$' as decimal(38, 15)),
        'unit': nullif(result.quantity_unit, '')
      }
    ], recursive := true)
  from results
),

summed as (
  select
    source, vendor, stream, key, seen_at, seq, n, period_start, period_end, metric, unit, project, api_key, tool,
    grouping(project) = 0 as of_project,
    grouping(api_key) = 0 as of_key,
    grouping(tool) = 0 as of_tool,
    sum(value) as value
  from measured
  where value is not null and unit is not null
  group by
    source, vendor, stream, key, seen_at, seq, n, period_start, period_end, metric, unit,
    grouping sets ((), (tool), (project), (project, tool), (api_key))
)

select
  source,
  vendor,
  null::varchar as organization_id,
  stream,
  key as record_key,
  stream as dataset,
  case when of_project then 'project' when of_key then 'api_key' else 'organization' end as scope,
  case when of_project then project when of_key then api_key else 'organization' end as scope_id,
  period_start,
  period_end,
  'daily' as granularity,
  tool,
  null::varchar as model,
  metric,
  value::double as value,
  unit,
  seen_at as observed_at,
  seq,
  n
from summed
where scope_id is not null and (not of_tool or tool is not null)
  -- Quantities of several line items are not of one thing.
  and (metric = 'amount.value' or of_tool)
