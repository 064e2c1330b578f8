-- One version of a user per record. Tabnine's name of a user is the username.
with parsed as (
  select
    *,
    from_json(record, '{
      "username": "VARCHAR", "email": "VARCHAR", "updatedAt": "VARCHAR", "deactivatedAt": "VARCHAR",
      "team": {"id": "VARCHAR", "name": "VARCHAR"}
    }') as r,
    context ->> 'active' as listed_as_active
  from records
)

select
  source,
  vendor,
  stream,
  'user' as entity_type,
  key as entity_id,
  nullif(r.username, '') as name,
  nullif(r.email, '') as email,
  -- Which list served the user says what the fields may leave out: `active` was dropped from the API. A server that
  -- ignores the filter lists everybody as active, so that the time of deactivation counts as well.
  json_merge_patch(record, json_object(
    'status', case when listed_as_active = 'false' or nullif(r.deactivatedAt, '') is not null
      then 'deactivated' else 'active' end,
    'team_id', r.team.id,
    'team_name', r.team.name
  )) as attributes,
  internal.instant_of(r.updatedAt) as changed_at,
  seen_at,
  true as present,
  seq,
  n
from parsed
