-- One call of a model per record, as figures of its day: what was charged in all and for the model, and what it took. `chargedCents`
-- has everything in it; the other amounts are parts of it, and are never added to it.
with parsed as (
  select
    *,
    internal.day_of(internal.instant_of(record ->> 'timestamp')) as day_start,
    nullif(lower(trim(record ->> 'userEmail')), '') as person,
    nullif(record ->> 'serviceAccountId', '') as service_account,
    coalesce(nullif(record ->> 'cloudAgentId', ''), nullif(record ->> 'automationId', ''), nullif(record ->> 'conversationId', '')) as work,
    nullif(record ->> 'model', '') as stated_model
  from records
),

figures as (
  select *, 'charged_cents' as metric, internal.figure_of(record -> '$.chargedCents') / 100 as value, 'USD' as unit, null::varchar as model
  from parsed
  union all by name
  select *, 'charged_cents' as metric, internal.figure_of(record -> '$.chargedCents') / 100 as value, 'USD' as unit, stated_model as model
  from parsed where stated_model is not null
  union all by name
  select *, 'requests_costs' as metric, internal.figure_of(record -> '$.requestsCosts') as value, 'requests' as unit, stated_model as model
  from parsed
  union all by name
  select
    p.*,
    'token_usage.' || internal.snake_case(t.key) as metric,
    internal.figure_of(t.value) as value,
    'tokens' as unit,
    p.stated_model as model
  from parsed p, json_each(p.record -> '$.tokenUsage') t
  where json_type(p.record -> '$.tokenUsage') = 'OBJECT' and t.key like '%Tokens'
)

select
  source,
  vendor,
  coalesce(nullif(record ->> 'teamId', ''), nullif(organization_id, '(not said)')) as organization_id,
  stream,
  key as record_key,
  stream as dataset,
  case
    when person is not null then 'user' when service_account is not null then 'service_user'
    when work is not null then 'session' else 'organization'
  end as scope,
  coalesce(person, service_account, work, nullif(organization_id, '(not said)')) as scope_id,
  day_start as period_start,
  day_start + interval 24 hours as period_end,
  'daily' as granularity,
  model,
  metric,
  value,
  unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(value)
