-- One day per record, split by everything that the endpoint can split by. Totals are added up from that: those of the
-- organization, and of each project, user and key. What has no user is the work of a service account.
with results as (
  select
    *,
    unnest(from_json(coalesce(record -> '$.results', record -> '$.result'), '["JSON"]')) as result
  from records
),

measured as (
  select
    source, vendor, stream, results.key as record_key, seen_at, seq, n,
    -- Where a day ends that is not over, the vendor may say when it was asked.
    internal.instant_of(record ->> '$.start_time') as period_start,
    period_start + interval 24 hours as period_end,
    nullif(result ->> 'project_id', '') as project,
    nullif(result ->> 'user_id', '') as person,
    nullif(result ->> 'api_key_id', '') as api_key,
    nullif(result ->> 'model', '') as model,
    measure.key as metric,
    internal.figure_of(measure.value) as value
  from results, json_each(result) measure
  where not list_contains(string_split(context ->> 'dimensions', ' '), measure.key)
),

summed as (
  select
    source, vendor, stream, record_key, seen_at, seq, n, period_start, period_end, metric, project, person, api_key, model,
    grouping(project) = 0 as of_project,
    grouping(person) = 0 as of_person,
    grouping(api_key) = 0 as of_key,
    grouping(model) = 0 as of_model,
    -- In one order: sums of fractions differ in the last digits.
    list_sum(list_sort(list(value))) as value
  from measured
  where isfinite(value)
  group by
    source, vendor, stream, record_key, seen_at, seq, n, period_start, period_end, metric,
    grouping sets ((), (model), (project), (project, model), (person), (person, model), (api_key))
)

select
  source,
  vendor,
  null::varchar as organization_id,
  stream,
  record_key,
  stream as dataset,
  case when of_project then 'project' when of_person then 'user' when of_key then 'api_key' else 'organization' end as scope,
  case when of_project then project when of_person then person when of_key then api_key else 'organization' end as scope_id,
  period_start,
  period_end,
  'daily' as granularity,
  null::varchar as tool,
  model,
  metric,
  value,
  case
    when metric like '%tokens' then 'tokens'
    when metric = 'characters' then 'chars'
    when metric = 'seconds' then 'seconds'
    when metric like '%bytes' then 'bytes'
    else 'count'
  end as unit,
  seen_at as observed_at,
  seq,
  n
from summed
where scope_id is not null and (not of_model or model is not null)
