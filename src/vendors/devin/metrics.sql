-- The metrics of one period per record, of every metrics API. A figure is a number, whatever its name, so
-- that one which the vendor adds appears by itself. The API comes first in its name: `usage` and `sessions` both
-- count sessions, and not in the same way.
with recursive nodes as (
  select seq, n, replace(substr(stream, length('metrics-') + 1), '-', '_') as path, record as value,
    null::varchar as tool
  from records
  union all
  select
    parent.seq, parent.n,
    if(json_type(parent.value) = 'ARRAY', parent.path, parent.path || '.' || child.key) as path,
    child.value,
    -- A list splits figures by what its elements name: a category, and what it falls into.
    coalesce(child.value ->> '$.category', concat_ws('/', parent.tool, child.value ->> '$.display_name'), parent.tool) as tool
  from nodes parent, json_each(parent.value) child
  where json_type(parent.value) in ('OBJECT', 'ARRAY') and child.key not in ('start_time', 'end_time', 'category', 'display_name')
    and not (json_type(parent.value) = 'ARRAY' and json_type(child.value) <> 'OBJECT')
),

figures as (
  select
    seq,
    n,
    nullif(tool, '') as tool,
    path.regexp_replace('([a-z0-9])([A-Z])', '\1_\2', 'g').regexp_replace('[\s-]+', '_', 'g').lower() as metric,
    internal.figure_named(path, value) as value
  from nodes
  where internal.figure_named(path, value) is not null
),

asked as (
  select
    *,
    -- One answer has many periods here; elsewhere it is about all that was asked for.
    stream in ('metrics-dau', 'metrics-wau', 'metrics-mau') as own_period,
    internal.instant_of(record ->> '$.start_time') as stated_start,
    internal.instant_of(record ->> '$.end_time') as stated_end,
    try_cast(context ->> 'from' as timestamptz) as asked_from,
    try_cast(context ->> 'to' as timestamptz) as asked_to
  from records
),

dated as (
  select
    *,
    if(own_period, stated_start, asked_from) as period_start,
    case
      when not own_period then asked_to
      -- A week may be said to end on Sunday at 23:59:59.
      when stated_end >= stated_start
        then date_trunc('second', stated_end) + to_seconds((second(stated_end) = 59)::bigint)
    end as period_end
  from asked
)

select
  d.source,
  d.vendor,
  case when (context ->> 'scope') = 'organization' then context ->> 'scope_id' end as organization_id,
  d.stream,
  d.key as record_key,
  'metrics' as dataset,
  context ->> 'scope' as scope,
  context ->> 'scope_id' as scope_id,
  period_start,
  period_end,
  context ->> 'granularity' as granularity,
  f.tool,
  f.metric,
  f.value,
  case
    when regexp_matches(metric, '(^|[._])users$') then 'users'
    when regexp_matches(metric, '[._]avg_') then 'ratio'
    when regexp_matches(metric, '(^|[._])acus$') then 'ACU'
    else 'count'
  end as unit,
  seen_at as observed_at,
  seq,
  n
from figures f
join dated d using (seq, n)
where isfinite(f.value)
