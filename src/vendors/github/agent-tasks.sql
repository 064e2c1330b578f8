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
  null::varchar as service_user_id,
  nullif(r.state, '') as status,
  null::varchar as status_detail,
  repository as origin,
  null::varchar as category,
  -- It is made from the prompt.
  null::varchar as title,
  null::varchar as playbook_id,
  null::varchar as parent_session_id,
  internal.instant_of(r.created_at) as created_at,
  internal.instant_of(r.updated_at) as updated_at,
  null::double as acus,
  nullif(r.archived_at, '') is not null as is_archived,
  nullif(r.artifacts, 'null'::json) as pull_requests,
  null::json as tags,
  record as raw,
  seen_at,
  seq,
  n
from parsed
