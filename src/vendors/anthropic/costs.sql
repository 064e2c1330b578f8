-- What one day costs per record, of which every result has a line of the bill: a decimal text in cents. The lines are added up as decimals, for
-- the organization and each workspace: in all, by model, by kind of cost, and by both.
with results as (
  select
    seq, n, organization_id,
    unnest(from_json(record -> '$.results', '[{
      "amount": "VARCHAR", "currency": "VARCHAR", "workspace_id": "VARCHAR", "model": "VARCHAR", "cost_type": "VARCHAR", "description": "VARCHAR"
    }]')) as r
  from records
),

lines as (
  select
    seq, n, organization_id,
    internal.major_units(to_json(r.amount)) as amount,
    upper(coalesce(r.currency, 'USD')) as currency,
    coalesce(r.workspace_id, 'default') as workspace,
    r.model as model_name,
    -- Without a kind the description says what a line is for.
    coalesce(r.cost_type, r.description) as kind
  from results
),

added as (
  select
    seq, n, currency, model_name, kind, sum(amount) as amount,
    if(grouping(workspace) = 0, 'workspace', 'organization') as scope,
    if(grouping(workspace) = 0, workspace, organization_id) as scope_id,
    grouping(model_name) = 0 as is_of_model, grouping(kind) = 0 as is_of_kind
  from lines
  where amount is not null
  group by grouping sets (
    (seq, n, organization_id, currency),
    (seq, n, organization_id, currency, model_name),
    (seq, n, organization_id, currency, kind),
    (seq, n, organization_id, currency, kind, model_name),
    (seq, n, organization_id, currency, workspace),
    (seq, n, organization_id, currency, workspace, model_name),
    (seq, n, organization_id, currency, workspace, kind),
    (seq, n, organization_id, currency, workspace, kind, model_name)
  )
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
  'costs' as dataset,
  a.scope,
  a.scope_id,
  d.period_start,
  coalesce(d.stated_end, d.period_start + interval 24 hours) as period_end,
  'daily' as granularity,
  a.kind as tool,
  a.model_name as model,
  'amount' as metric,
  a.amount::double as value,
  a.currency as unit,
  d.seen_at as observed_at,
  d.seq,
  d.n
from added a
join days d using (seq, n)
where (not a.is_of_model or a.model_name is not null) and (not a.is_of_kind or a.kind is not null)
