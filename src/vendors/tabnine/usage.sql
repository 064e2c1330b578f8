-- The figures of one period per record, of every usage API. A figure is a number, whatever its name, so
-- that one which the vendor adds appears by itself. Lists split a figure by what their elements name: a model
-- or, in `agentType`, a tool.
with recursive nodes as (
  select seq, n, '' as path, record as value, null::varchar as tool, null::varchar as model
  from records
  union all
  select
    parent.seq,
    parent.n,
    case
      when json_type(parent.value) = 'ARRAY' then parent.path
      when parent.path = '' then child.key
      else parent.path || '.' || child.key
    end as path,
    child.value,
    coalesce(child.value ->> '$.agentType', parent.tool) as tool,
    coalesce(child.value ->> '$.model', parent.model) as model
  from nodes parent, json_each(parent.value) child
  where json_type(parent.value) in ('OBJECT', 'ARRAY')
    -- They name things, also where one of them is a number.
    and child.key not in ('from', 'to', 'model', 'agentType')
    -- A list of texts lists names, whatever they look like.
    and not (json_type(parent.value) = 'ARRAY' and json_type(child.value) = 'VARCHAR')
),

numbers as (
  select
    seq,
    n,
    tool,
    model,
    -- Snake case: `linesAdded`, `totalAPICalls`, and whatever else is between words.
    path
      .regexp_replace('([a-z0-9])([A-Z])', '\1_\2', 'g')
      .regexp_replace('([A-Z])([A-Z][a-z])', '\1_\2', 'g')
      .regexp_replace('[\s-]+', '_', 'g')
      .lower() as metric,
    internal.figure_named(path, value) as value
  from nodes
  where internal.figure_named(path, value) is not null
),

-- A list may name the same thing twice. Added in the order of size: the sum of fractions depends on the order.
figures as (
  select
    seq, n, tool, model, metric,
    case when count(*) = 1 then any_value(value) else list_sum(list_sort(list(value))) end as value
  from numbers
  where isfinite(value)
  group by all
),

asked as (
  select
    source, vendor, organization_id, stream, key, seen_at, seq, n,
    case
      when starts_with(stream, 'agent-usage-') then 'agent-usage'
      when starts_with(stream, 'usage-v1-') then 'usage-v1'
      else 'usage-v2'
    end as dataset,
    context ->> 'scope' as scope,
    context ->> 'scope_id' as scope_id,
    context ->> 'granularity' as granularity,
    -- The one bucket of an answer about all of a range may carry the end of the range twice.
    case when granularity = 'all' then context ->> 'from' else record ->> 'from' end as from_text,
    case when granularity = 'all' then context ->> 'to' else record ->> 'to' end as to_text
  from records
),

dated as (
  select
    *,
    internal.instant_of(from_text) as period_start,
    internal.instant_of(to_text) as stated_end
  from asked
)

select
  source,
  vendor,
  organization_id,
  stream,
  key as record_key,
  dataset,
  scope,
  scope_id,
  period_start,
  case when stated_end > period_start then stated_end else period_start + interval 1 day end as period_end,
  granularity,
  tool,
  model,
  metric,
  value,
  case
    when regexp_matches(metric, '(^|[._])users$') then 'users'
    when regexp_matches(metric, '(^|[._])tokens([._]|$)') then 'tokens'
    when regexp_matches(metric, '(^|[._])cost$') then 'cost'
    when regexp_matches(metric, '(^|[._])chars([._]|$)') then 'chars'
    when regexp_matches(metric, '(^|[._])lines([._]|$)') then 'lines'
    when regexp_matches(metric, '(^|[._])(factor|rate)$') then 'ratio'
    else 'count'
  end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
join dated using (seq, n)
-- Everything else in such an answer is asked for per day as well.
where granularity <> 'all' or model is not null
