-- The analytics of the team, or of one member, on one day per record. Whose a member's are is in the key: the answer is keyed by it.
-- A number is a figure, whatever it is called, so that one which the vendor adds appears by itself. What a row says in words it is
-- split by; an object of objects is keyed by models.
with dated as (
  select
    *,
    if(ends_with(stream, '-user'), url_decode(split_part(key, '/', 2)), null) as person,
    internal.day_of(coalesce(internal.instant_of(record ->> 'event_date'), internal.instant_of(record ->> 'date'), time)) as day_start,
    coalesce(record ->> 'model', record ->> 'model_name') as stated_model,
    (
      select string_agg(w.value ->> '$', ' ' order by w.key)
      from json_each(record) w
      where json_type(w.value) = 'VARCHAR' and w.key not in ('event_date', 'date', 'model', 'model_name', 'email', 'user_email')
    ) as words
  from records
),

figures as (
  select d.*, f.key as path, f.value as figure, d.stated_model as model
  from dated d, json_each(d.record) f
  where json_type(f.value) <> 'VARCHAR'
  union all by name
  select d.*, f.key || '.' || g.key as path, g.value as figure, d.stated_model as model
  from dated d, json_each(d.record) f, json_each(f.value) g
  where json_type(f.value) = 'OBJECT'
  union all by name
  select d.*, f.key || '.' || h.key as path, h.value as figure, g.key as model
  from dated d, json_each(d.record) f, json_each(f.value) g, json_each(g.value) h
  where json_type(f.value) = 'OBJECT' and json_type(g.value) = 'OBJECT'
)

select
  source,
  vendor,
  nullif(organization_id, '(not said)') as organization_id,
  stream,
  key as record_key,
  stream as dataset,
  if(person is null, 'organization', 'user') as scope,
  coalesce(person, nullif(organization_id, '(not said)')) as scope_id,
  day_start as period_start,
  day_start + interval 24 hours as period_end,
  'daily' as granularity,
  words as tool,
  model,
  internal.snake_case(path) as metric,
  internal.figure_of(figure) as value,
  -- Distinct people are never added.
  case when regexp_matches(path, '(?i)(user|dau|people)') then 'users' else 'count' end as unit,
  seen_at as observed_at,
  seq,
  n
from figures
where isfinite(internal.figure_of(figure)) and path not in ('event_date', 'date', 'user_id', 'userId')
