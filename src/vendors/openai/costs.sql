-- What one day cost, per project, line item and key, in dollars. Totals are added up from that, as decimals: the vendor sends
-- fractions with many digits, as numbers or as texts.
with days as (
  select
    source, vendor, stream, key as record_key, seen_at, seq, n,
    internal.instant_of(record ->> '$.start_time') as period_start
  from records
),

results as (
  -- Without the record, which would be there once for each of its results.
  select
    seq, n,
    unnest(from_json(coalesce(record -> '$.results', record -> '$.result'), '[{
      "amount": {"value": "JSON", "currency": "VARCHAR"}, "line_item": "VARCHAR", "project_id": "VARCHAR",
      "api_key_id": "VARCHAR", "quantity": "JSON", "quantity_unit": "VARCHAR"
    }]')) as result
  from records
),

measured as (
  select
    seq, n,
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

-- By as little as tells a record: there are many sums.
summed as (
  select
    seq, n, metric, unit, project, api_key, tool,
    grouping(project) = 0 as of_project,
    grouping(api_key) = 0 as of_key,
    grouping(tool) = 0 as of_tool,
    sum(value)::double as value
  from measured
  where value is not null and unit is not null
  group by seq, n, metric, unit, grouping sets ((), (tool), (project), (project, tool), (api_key))
)

select
  d.source,
  d.vendor,
  d.stream,
  d.record_key,
  d.stream as dataset,
  case when of_project then 'project' when of_key then 'api_key' else 'organization' end as scope,
  case when of_project then project when of_key then api_key else 'organization' end as scope_id,
  d.period_start,
  -- Where a day ends that is not over, the vendor may say when it was asked.
  d.period_start + interval 24 hours as period_end,
  'daily' as granularity,
  s.tool,
  s.metric,
  s.value,
  s.unit,
  d.seen_at as observed_at,
  seq,
  n
from summed s
join days d using (seq, n)
where scope_id is not null and (not of_tool or s.tool is not null)
  -- Quantities of several line items are not of one thing.
  and (s.metric = 'amount.value' or of_tool)
