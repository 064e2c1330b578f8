-- Whose an account is: by its id, else by the address that a vendor has in the place of an id.
create view internal.person_ids as
select source, user_id, any_value(person_id) as person_id
from main.person_accounts
where account_type in ('user', 'idp_user')
group by source, user_id;

create view internal.person_addresses as
select substr(identity, length('email:') + 1) as address, any_value(person_id) as person_id
from (select person_id, unnest(known_by) as identity from main.person_accounts)
where starts_with(identity, 'email:')
group by address;

-- What costs, added up for each of whom it is about, in each way in which the vendor splits it. Decimals: sums of fractions would
-- depend on their order. A book has amounts that are parts of one another; what no total has in it is a book of its own.
create view internal.cost_figures as
with figures as (
  select
    * replace (
      if(book = 'none', concat('none:', dataset), book) as book,
      if(granularity = 'monthly', 'monthly', 'daily') as granularity
    ),
    book = 'none' as is_free
  from internal.measured_figures
  where basis is not null and granularity in ('daily', 'monthly', 'all')
)
select
  source, any_value(vendor) as vendor, book, is_free, measure, basis, unit, granularity, period_start,
  max(period_end) as period_end, scope, scope_id, any_value(scope_name) as scope_name, tool, model,
  bool_or(split = 'any') as is_apart, sum(try_cast(value as decimal(38, 12))) as value
from figures
group by source, book, is_free, measure, basis, unit, granularity, period_start, scope, scope_id, tool, model;

-- Each amount without what finer ones have of it, so that they can be added. Products and models that are not split by each other
-- are two ways to say the same: the products stay.
create view internal.cost_leaves as
with described as (
  select
    *,
    tool is not null as of_tool, model is not null as of_model,
    bool_or(tool is not null and model is not null) over one as has_both,
    bool_or(tool is not null and model is null) over one as has_tools,
    count(*) over one > 1 as has_more
  from internal.cost_figures
  window one as (
    partition by source, book, measure, basis, unit, granularity, period_start, scope, scope_id
  )
),
kept as (
  select * from described where is_apart or has_both or not has_tools or of_tool or not of_model
),
split as (
  select
    *,
    case
      when is_apart or (of_tool and of_model) then 0
      when of_tool then coalesce(sum(value) filter (of_model) over (
        partition by source, book, measure, basis, unit, granularity, period_start, scope, scope_id, tool
      ), 0)
      when of_model then coalesce(sum(value) filter (of_tool) over (
        partition by source, book, measure, basis, unit, granularity, period_start, scope, scope_id, model
      ), 0)
    end as finer
  from kept
),
rests as (
  select
    * exclude (value),
    value as stated,
    value - coalesce(finer, sum(value - finer) over (
      partition by source, book, measure, basis, unit, granularity, period_start, scope, scope_id
    ), 0) as value
  from split
)
select * exclude (finer, stated, has_both, has_tools, has_more, of_tool, of_model)
from rests
-- Figures are binary fractions: differences of them are zero up to the last digits.
where value = stated and not (stated = 0 and has_more and not of_tool and not of_model) or abs(value) > 1e-6;

-- Of one book the finest who's that there are, and what the whole has on top. People come first, whatever else there is.
create view internal.cost_parts as
with ranked as (
  select
    *,
    case
      when is_free then 0
      when scope in ('user', 'service_user', 'session') then 1
      when scope = 'organization' then 2 when scope = 'workspace' then 3 when scope = 'project' then 4 when scope = 'team' then 5
      when scope <> 'enterprise' then 6
    end as rank
  from internal.cost_leaves
),
placed as (
  select
    *,
    -- The whole is the enterprise, else the organizations.
    not is_free and scope = if(bool_or(scope = 'enterprise') over book, 'enterprise', 'organization') as is_whole
  from ranked
  window book as (partition by source, book, basis, granularity, period_start)
),
chosen as (
  select
    *,
    min(rank) filter (not is_whole) over (partition by source, book, basis, granularity, period_start) as share_rank
  from placed
),
parts as (
  select * from chosen where if(is_whole, share_rank is null, rank = share_rank)
),
-- By product and model as far as both sides are split by them.
compared as (
  select
    *,
    if(bool_or(is_whole and tool is not null) over same and bool_or(not is_whole and tool is not null) over same, tool, null) as common_tool,
    if(bool_or(is_whole and model is not null) over same and bool_or(not is_whole and model is not null) over same, model, null) as common_model,
    bool_or(is_whole) over same as has_whole
  from chosen
  where not is_free and share_rank is not null and (is_whole or rank = share_rank)
  window same as (partition by source, book, measure, basis, unit, granularity, period_start)
),
rests as (
  select
    source, any_value(vendor) as vendor, measure, basis, unit, granularity, period_start,
    max(period_end) as period_end,
    any_value(scope) filter (is_whole) as scope,
    -- Of several organizations it is the rest of all.
    if(count(distinct scope_id) filter (is_whole) = 1, any_value(scope_id) filter (is_whole), null) as scope_id,
    any_value(scope_name) filter (is_whole) as scope_name,
    common_tool as tool, common_model as model,
    sum(if(is_whole, value, -value)) as value
  from compared
  where has_whole
  group by source, book, measure, basis, unit, granularity, period_start, common_tool, common_model
)
select
  source, vendor, measure, basis, unit, granularity, period_start, period_end, scope, scope_id, scope_name,
  tool, model, value
from parts
union all by name
select * from rests where abs(value) > 1e-6;

create view main.costs as
with people as materialized (
  from internal.person_ids
),
addresses as materialized (
  from internal.person_addresses
)
select
  p.source,
  p.vendor,
  (p.period_start at time zone 'UTC')::date as day,
  p.period_start,
  p.period_end,
  p.granularity,
  coalesce(i.person_id, a.person_id) as person_id,
  p.scope,
  p.scope_id,
  p.scope_name,
  p.tool as product,
  p.model,
  p.measure,
  p.value::double as amount,
  p.unit,
  p.basis
from internal.cost_parts p
-- A condition on one side alone would have every amount compared with every person.
left join people i on i.source = p.source and i.user_id = if(p.scope = 'user', p.scope_id, null)
left join addresses a on a.address = if(p.scope = 'user' and i.person_id is null, lower(p.scope_id), null);

-- How much of a month's amount is somebody's, and how far it is from the bill.
create view main.cost_gaps as
with months as (
  select
    source, any_value(vendor) as vendor, date_trunc('month', day)::date as month, basis, unit,
    if(basis = 'tokens', 'tokens', measure) as counted,
    sum(amount::decimal(38, 12)) as amount,
    coalesce(sum(amount::decimal(38, 12)) filter (scope = 'user'), 0) as of_people,
    coalesce(sum(amount::decimal(38, 12)) filter (scope in ('enterprise', 'organization')), 0) as of_nobody
  from main.costs
  group by source, date_trunc('month', day), basis, unit, if(basis = 'tokens', 'tokens', measure)
)
select
  m.source, m.vendor, m.month, m.basis, m.counted as measure, m.unit,
  m.amount::double as amount,
  m.of_people::double as of_people,
  (m.amount - m.of_people - m.of_nobody)::double as of_others,
  m.of_nobody::double as of_nobody,
  b.amount::double as billed,
  (m.amount - b.amount)::double as above_bill
from months m
left join months b on b.source = m.source and b.month = m.month and b.unit = m.unit and b.basis = 'billed';

-- Products are split off the total; what the vendor gives to none of them is the rest.
create view main.person_costs as
select
  c.source,
  c.vendor,
  c.scope_id as user_id,
  any_value(c.person_id) as person_id,
  coalesce(any_value(c.scope_name), any_value(u.name)) as name,
  any_value(u.email) as email,
  c.day,
  c.period_start,
  max(c.period_end) as period_end,
  c.product,
  sum(c.amount::decimal(38, 12))::double as cost,
  c.unit,
  c.basis
from main.costs c
left join main.users u on u.source = c.source and u.user_id = c.scope_id
where c.scope = 'user' and c.granularity = 'daily' and c.measure = 'cost'
group by c.source, c.vendor, c.scope_id, c.day, c.period_start, c.product, c.unit, c.basis;

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
