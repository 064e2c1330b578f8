-- One day per record, split by everything that the endpoint can split by. Totals are added up from that: those of the
-- organization, and of each project, user and key. What has no user is the work of a service account.
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
    string_split(context ->> 'dimensions', ' ') as dimensions,
    unnest(from_json(coalesce(record -> '$.results', record -> '$.result'), '["JSON"]')) as result
  from records
),

named as (
  select
    seq, n, dimensions,
    nullif(result ->> 'project_id', '') as project,
    nullif(result ->> 'user_id', '') as person,
    nullif(result ->> 'api_key_id', '') as api_key,
    nullif(result ->> 'model', '') as model,
    unnest(map_entries(result::map(varchar, json))) as measure
  from results
),

measured as (
  select seq, n, project, person, api_key, model, measure.key as metric, internal.figure_of(measure.value) as value
  from named
  where not list_contains(dimensions, measure.key)
),

-- By as little as tells a record: there are many sums.
summed as (
  select
    seq, n, metric, project, person, api_key, model,
    grouping(project) = 0 as of_project,
    grouping(person) = 0 as of_person,
    grouping(api_key) = 0 as of_key,
    grouping(model) = 0 as of_model,
    -- As decimals: sums of fractions depend on their order.
    sum(try_cast(value as decimal(38, 6)))::double as value
  from measured
  where isfinite(value)
  group by seq, n, metric, grouping sets ((), (model), (project), (project, model), (person), (person, model), (api_key))
)

select
  d.source,
  d.vendor,
  d.stream,
  d.record_key,
  d.stream as dataset,
  case when of_project then project when of_person then person when of_key then api_key else 'organization' end as scope_id,
  case when of_project then 'project' when of_person then 'user' when of_key then 'api_key' else 'organization' end as scope,
  d.period_start,
  -- Where a day ends that is not over, the vendor may say when it was asked.
  d.period_start + interval 24 hours as period_end,
  'daily' as granularity,
  s.model,
  s.metric,
  s.value,
  case
    when metric like '%tokens' then 'tokens'
    when metric = 'characters' then 'chars'
    when metric = 'seconds' then 'seconds'
    when metric like '%bytes' then 'bytes'
    else 'count'
  end as unit,
  d.seen_at as observed_at,
  seq,
  n
from summed s
join days d using (seq, n)
where scope_id is not null and (not of_model or s.model is not null)
