-- The state of a task of the coding agent per record. A task goes on changing; each state replaces the one before.
with parsed as (
  select
    *,
    from_json(record, '{
      "state": "VARCHAR", "created_at": "VARCHAR", "updated_at": "VARCHAR", "archived_at": "VARCHAR", "artifacts": "JSON",
      "creator": {"id": "VARCHAR"}
    }') as r,
    context ->> 'repository' as repository
  from records
)

select
  source,
  vendor,
  key as session_id,
  nullif(regexp_extract(repository, '^[^/]+'), '') as organization_id,
  nullif(r.creator.id, '') as user_id,
  nullif(r.state, '') as status,
  repository as origin,
  -- It is made from the prompt.
  internal.instant_of(r.created_at) as created_at,
  internal.instant_of(r.updated_at) as updated_at,
  nullif(r.archived_at, '') is not null as is_archived,
  nullif(r.artifacts, 'null'::json) as pull_requests,
  record as raw,
  seen_at,
  seq,
  n
from parsed
