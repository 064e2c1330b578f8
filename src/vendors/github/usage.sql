-- The figures of one day per record, of a person, a repository, an organization or the enterprise. A figure is a number, whatever its name, so
-- that one which GitHub adds appears by itself. Lists split figures by what their elements name: an editor, a feature, an agent
-- (all of them `tool`) or a model. What is split by language is left out, since the same figures are split in other ways.
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
    coalesce(
      child.value ->> '$.ide', child.value ->> '$.feature', child.value ->> '$.agent_id',
      if(child.key = 'totals_by_cli', 'cli', null), parent.tool
    ) as tool,
    coalesce(child.value ->> '$.model', parent.model) as model
  from nodes parent, json_each(parent.value) child
  where json_type(parent.value) in ('OBJECT', 'ARRAY')
    and not regexp_matches(child.key, '^(day|day_partition|etl_id|.*_id|.*_at|.*_day|.*version.*|phase_number|ide|feature|model)$')
    and child.key not like '%language%'
    and not (json_type(parent.value) = 'ARRAY' and json_type(child.value) = 'VARCHAR')
),

numbers as (
  select
    seq, n, tool, model,
    path
      .regexp_replace('([a-z0-9])([A-Z])', '\1_\2', 'g')
      .regexp_replace('[\s-]+', '_', 'g')
      .lower() as metric,
    internal.figure_named(path, value) as value
  from nodes
  where internal.figure_named(path, value) is not null
  union all
  -- Whoever is listed was active, also where no figure says with what.
  select seq, n, null as tool, null as model, 'active' as metric, 1 as value
  from records
  where stream = 'copilot-usage-users'
),

figures as (
  select
    seq, n, tool, model, metric,
    case when count(*) = 1 then any_value(value) else list_sum(list_sort(list(value))) end as value
  from numbers
  where isfinite(value)
  group by all
),

dated as (
  select
    *,
    try_cast(coalesce(record ->> '$.day', context ->> 'day') || 'T00:00:00Z' as timestamptz) as period_start,
    case stream
      when 'copilot-usage-users' then 'user'
      when 'copilot-usage-repos' then 'project'
      else context ->> 'scope'
    end as scope,
    case stream
      when 'copilot-usage-users' then coalesce(record ->> '$.user_id', record ->> '$.user_login')
      -- Which fields a repository has is not documented; its key is of the first of them that is there.
      when 'copilot-usage-repos' then replace(replace(split_part(key, '/', 2), '%2F', '/'), '%7E', '~')
      else context ->> 'scope_id'
    end as scope_id
  from records
)

select
  d.source,
  d.vendor,
  record ->> '$.organization_id' as organization_id,
  d.stream,
  d.key as record_key,
  'copilot-usage' as dataset,
  d.scope,
  d.scope_id,
  period_start,
  period_start + interval 1 day as period_end,
  'daily' as granularity,
  f.tool,
  f.model,
  f.metric,
  f.value,
  case
    when regexp_matches(metric, '(^|[._])(users|engaged_users)$') then 'users'
    when regexp_matches(metric, '(^|[._])avg_|median|minutes') then 'ratio'
    when metric = 'ai_credits_used' then 'credits'
    when regexp_matches(metric, '(^|[._])tokens?([._]|$)') then 'tokens'
    when regexp_matches(metric, '(^|[._])loc_') then 'lines'
    else 'count'
  end as unit,
  seen_at as observed_at,
  seq,
  n
from figures f
join dated d using (seq, n)
