-- Products are split off the total of the same API; what the vendor gives to none of them is the rest.
create view main.person_costs as
with costs as (
  select
    source, vendor, dataset, scope_id as user_id, scope_name as name, period_start, period_end, unit,
    tool as product,
    value
  from internal.measured_figures
  where scope = 'user' and granularity = 'daily' and model is null and measure = 'cost'
),
rests as (
  select
    source, vendor, dataset, user_id, any_value(name) as name, period_start, any_value(period_end) as period_end, unit,
    null::varchar as product,
    sum(value) filter (product is null)
      - coalesce(list_sum(list_sort(list(value) filter (product is not null))), 0) as value,
    bool_or(product is not null) as is_split
  from costs
  group by source, vendor, dataset, user_id, period_start, unit
),
parts as (
  select * from costs where product is not null
  union all by name
  -- Sums of fractions differ in the last digits.
  select * exclude (is_split) from rests where not is_split or abs(value) > 1e-6
)
select
  p.source,
  p.vendor,
  p.user_id,
  coalesce(p.name, u.name) as name,
  u.email,
  (p.period_start at time zone 'UTC')::date as day,
  p.period_start,
  p.period_end,
  p.product,
  p.value as cost,
  p.unit
from parts p
left join main.users u on u.source = p.source and u.user_id = p.user_id;

-- Of accounts of which both were read, from the first to the last day of the organizations.
create view main.unattributed_consumption as
with consumption as (
  select source, vendor, scope, period_start, period_end, tool, unit, value
  from internal.measured_figures
  where scope in ('enterprise', 'organization') and granularity = 'daily' and model is null and measure = 'cost'
),
attributed as (
  select source, period_start, tool, unit, list_sum(list_sort(list(value))) as acus
  from consumption
  where scope = 'organization'
  group by all
),
readings as (
  select source, min(period_start) as first_day, max(period_start) as last_day
  from consumption
  where scope = 'organization'
  group by source
)
select
  e.source,
  e.vendor,
  (e.period_start at time zone 'UTC')::date as day,
  e.period_start,
  e.period_end,
  e.tool,
  e.value as enterprise_acus,
  coalesce(a.acus, 0) as organization_acus,
  -- Sums of fractions differ in the last digits.
  round(e.value - coalesce(a.acus, 0), 6) as unattributed_acus
from consumption e
join readings r on r.source = e.source and e.period_start between r.first_day and r.last_day
left join attributed a
  on a.source = e.source and a.period_start = e.period_start and a.tool is not distinct from e.tool and a.unit = e.unit
where e.scope = 'enterprise';
