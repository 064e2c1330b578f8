-- What one person or key did with Claude Code on one day per record; somebody who uses several terminals has several. Tools come and go. The
-- estimated cost is a number of cents. Who it was is an address or the name of a key: the page says whose id that is.
with parsed as (
  select
    seq, n,
    from_json(record, '{
      "date": "VARCHAR",
      "actor": {"type": "VARCHAR", "email_address": "VARCHAR", "api_key_name": "VARCHAR", "api_key_id": "VARCHAR"},
      "core_metrics": {
        "num_sessions": "DOUBLE", "lines_of_code": {"added": "DOUBLE", "removed": "DOUBLE"},
        "commits_by_claude_code": "DOUBLE", "pull_requests_by_claude_code": "DOUBLE"
      },
      "tool_actions": "MAP(VARCHAR, STRUCT(accepted DOUBLE, rejected DOUBLE))",
      "model_breakdown": [{
        "model": "VARCHAR",
        "tokens": {"input": "DOUBLE", "output": "DOUBLE", "cache_read": "DOUBLE", "cache_creation": "DOUBLE"},
        "estimated_cost": {"amount": "VARCHAR", "currency": "VARCHAR"}
      }]
    }') as r
  from records
),

of_models as (
  select seq, n, unnest(r.model_breakdown) as m
  from parsed
),

leaves as (
  select seq, n, null::varchar as model, unnest([
    {'metric': 'core_metrics.num_sessions', 'value': r.core_metrics.num_sessions, 'unit': 'count'},
    {'metric': 'core_metrics.lines_of_code.added', 'value': r.core_metrics.lines_of_code.added, 'unit': 'lines'},
    {'metric': 'core_metrics.lines_of_code.removed', 'value': r.core_metrics.lines_of_code.removed, 'unit': 'lines'},
    {'metric': 'core_metrics.commits_by_claude_code', 'value': r.core_metrics.commits_by_claude_code, 'unit': 'count'},
    {'metric': 'core_metrics.pull_requests_by_claude_code', 'value': r.core_metrics.pull_requests_by_claude_code, 'unit': 'count'}
  ], recursive := true)
  from parsed
  union all by name
  select seq, n, null::varchar as model, unnest(flatten(list_transform(map_entries(r.tool_actions), lambda tool: [
    {'metric': concat('tool_actions.', tool.key, '.accepted'), 'value': tool.value.accepted, 'unit': 'count'},
    {'metric': concat('tool_actions.', tool.key, '.rejected'), 'value': tool.value.rejected, 'unit': 'count'}
  ])), recursive := true)
  from parsed
  union all by name
  select seq, n, m.model as model, unnest([
    {'metric': 'model_breakdown.tokens.input', 'value': m.tokens.input, 'unit': 'tokens'},
    {'metric': 'model_breakdown.tokens.output', 'value': m.tokens.output, 'unit': 'tokens'},
    {'metric': 'model_breakdown.tokens.cache_read', 'value': m.tokens.cache_read, 'unit': 'tokens'},
    {'metric': 'model_breakdown.tokens.cache_creation', 'value': m.tokens.cache_creation, 'unit': 'tokens'},
    {
      'metric': 'model_breakdown.estimated_cost.amount', 'value': internal.major_units(to_json(m.estimated_cost.amount))::double,
      'unit': upper(coalesce(m.estimated_cost.currency, 'USD'))
    }
  ], recursive := true)
  from of_models
),

added as (
  select seq, n, metric, unit, model, sum(value) as value, grouping(model) = 1 as is_total
  from leaves
  where value is not null
  group by grouping sets ((seq, n, metric, unit), (seq, n, metric, unit, model))
),

-- Whose the names of a page are, once per page.
named as (
  select seq, owner.key as name, any_value(owner.value ->> '$') as id
  from (select distinct seq, context ->> 'owners' as owners from records) pages, json_each(pages.owners) owner
  group by all
),

rows_of as (
  select
    o.* exclude (record, context),
    coalesce(internal.instant_of(p.r.date), internal.instant_of(o.context ->> 'day')) as period_start,
    p.r.actor.type as actor_type,
    coalesce(p.r.actor.email_address, p.r.actor.api_key_name, p.r.actor.api_key_id) as actor_name
  from records o
  join parsed p using (seq, n)
)

select
  r.source,
  r.vendor,
  r.organization_id,
  r.stream,
  r.key as record_key,
  'claude-code' as dataset,
  if(r.actor_type = 'api_actor', 'api_key', 'user') as scope,
  coalesce(o.id, r.actor_name) as scope_id,
  r.period_start,
  r.period_start + interval 24 hours as period_end,
  'daily' as granularity,
  a.model,
  a.metric,
  a.value,
  a.unit,
  r.seen_at as observed_at,
  r.seq,
  r.n
from added a
join rows_of r using (seq, n)
left join named o on o.seq = r.seq and o.name = r.actor_name
where isfinite(a.value) and (a.is_total or a.model is not null)
