-- The tokens of one day per record, of which every result has those of one workspace, key, person and model. They are added up for each of
-- these, in all and by model, so that what is asked about one of them is one row. A day may have many thousands of results: their figures are
-- named here, which is a hundred times as fast as looking for them.
with results as (
  select
    seq, n, organization_id,
    unnest(from_json(record -> '$.results', '[{
      "uncached_input_tokens": "DOUBLE", "cache_read_input_tokens": "DOUBLE",
      "cache_creation": {"ephemeral_1h_input_tokens": "DOUBLE", "ephemeral_5m_input_tokens": "DOUBLE"},
      "output_tokens": "DOUBLE", "server_tool_use": {"web_search_requests": "DOUBLE"},
      "workspace_id": "VARCHAR", "api_key_id": "VARCHAR", "account_id": "VARCHAR", "service_account_id": "VARCHAR", "model": "VARCHAR"
    }]')) as r
  from records
),

flat as (
  select
    seq, n, organization_id,
    -- Null is a value: the default workspace. A key that is null is none: what was tried out in the Console.
    coalesce(r.workspace_id, 'default') as workspace,
    r.api_key_id as api_key, r.account_id as account, r.service_account_id as service_account, r.model as model_name,
    r.uncached_input_tokens, r.cache_read_input_tokens, r.cache_creation.ephemeral_1h_input_tokens as cached_1h,
    r.cache_creation.ephemeral_5m_input_tokens as cached_5m, r.output_tokens, r.server_tool_use.web_search_requests as web_searches
  from results
),

added as (
  select
    seq, n, organization_id, workspace, api_key, account, service_account, model_name,
    case
      when grouping(workspace) = 0 then 'workspace'
      when grouping(api_key) = 0 then 'api_key'
      when grouping(account) = 0 then 'user'
      when grouping(service_account) = 0 then 'service_user'
      else 'organization'
    end as scope,
    grouping(model_name) = 1 as is_total,
    sum(uncached_input_tokens) as uncached_input_tokens, sum(cache_read_input_tokens) as cache_read_input_tokens,
    sum(cached_1h) as cached_1h, sum(cached_5m) as cached_5m, sum(output_tokens) as output_tokens, sum(web_searches) as web_searches
  from flat
  group by grouping sets (
    (seq, n, organization_id), (seq, n, organization_id, model_name),
    (seq, n, organization_id, workspace), (seq, n, organization_id, workspace, model_name),
    (seq, n, organization_id, api_key), (seq, n, organization_id, api_key, model_name),
    (seq, n, organization_id, account), (seq, n, organization_id, account, model_name),
    (seq, n, organization_id, service_account), (seq, n, organization_id, service_account, model_name)
  )
),

figures as (
  select
    seq, n, scope, model_name,
    case scope
      when 'workspace' then workspace when 'api_key' then api_key when 'user' then account
      when 'service_user' then service_account else organization_id
    end as scope_id,
    unnest([
      {'metric': 'uncached_input_tokens', 'value': uncached_input_tokens},
      {'metric': 'cache_read_input_tokens', 'value': cache_read_input_tokens},
      {'metric': 'cache_creation.ephemeral_1h_input_tokens', 'value': cached_1h},
      {'metric': 'cache_creation.ephemeral_5m_input_tokens', 'value': cached_5m},
      {'metric': 'output_tokens', 'value': output_tokens},
      {'metric': 'server_tool_use.web_search_requests', 'value': web_searches}
    ], recursive := true)
  from added
  -- What is of no model is in the total.
  where is_total or model_name is not null
),

days as (
  select
    *,
    internal.instant_of(record ->> '$.starting_at') as period_start,
    internal.instant_of(record ->> '$.ending_at') as stated_end
  from records
)

select
  d.source,
  d.vendor,
  d.organization_id,
  d.stream,
  d.key as record_key,
  'usage-messages' as dataset,
  f.scope,
  f.scope_id,
  d.period_start,
  coalesce(d.stated_end, d.period_start + interval 24 hours) as period_end,
  'daily' as granularity,
  f.model_name as model,
  f.metric,
  f.value,
  if(contains(f.metric, 'tokens'), 'tokens', 'count') as unit,
  d.seen_at as observed_at,
  d.seq,
  d.n
from figures f
join days d using (seq, n)
where isfinite(f.value) and f.scope_id is not null
