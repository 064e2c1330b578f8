-- One audit event per record. Two shapes are served: the current one (timestamp, actor, resource,
-- metadata, request) and an older one (occurredAt, performing_user, affected_user, valueChange), whose users are spelled as
-- the vendor's other answers spell them. VARCHAR leaves take whatever stands there; JSON leaves keep big integers digit for digit.
with parsed as (
  select
    *,
    from_json(record, '{
      "timestamp": "VARCHAR", "occurredAt": "VARCHAR", "createdAt": "VARCHAR", "eventType": "VARCHAR",
      "actor": {"id": "VARCHAR", "type": "VARCHAR", "email": "VARCHAR", "displayName": "VARCHAR", "name": "VARCHAR"},
      "performing_user": {
        "id": "VARCHAR", "user_id": "VARCHAR", "userId": "VARCHAR", "type": "VARCHAR", "email": "VARCHAR",
        "displayName": "VARCHAR", "name": "VARCHAR", "username": "VARCHAR"
      },
      "resource": {"id": "VARCHAR", "type": "VARCHAR", "email": "VARCHAR", "name": "VARCHAR"},
      "affected_user": {
        "id": "VARCHAR", "user_id": "VARCHAR", "userId": "VARCHAR", "type": "VARCHAR", "email": "VARCHAR",
        "displayName": "VARCHAR", "name": "VARCHAR", "username": "VARCHAR"
      },
      "metadata": "JSON", "valueChange": "JSON",
      "request": {"ipAddress": "VARCHAR", "userAgent": "VARCHAR", "requestId": "VARCHAR"}
    }') as r
  from records
),

named as (
  select
    *,
    coalesce(nullif(r.performing_user.id, ''), nullif(r.performing_user.user_id, ''), nullif(r.performing_user.userId, '')) as performer_id,
    coalesce(nullif(r.affected_user.id, ''), nullif(r.affected_user.user_id, ''), nullif(r.affected_user.userId, '')) as affected_id,
    coalesce(nullif(r.actor.id, ''), performer_id) as actor_id,
    lower(coalesce(r.actor.type, r.performing_user.type)) as vendor_actor_type,
    coalesce(nullif(r.resource.id, ''), affected_id) as target_id,
    lower(coalesce(nullif(r.resource.type, ''), nullif(r.affected_user.type, ''))) as vendor_target_type,
    nullif(r.metadata, 'null'::json) as metadata,
    nullif(r.valueChange, 'null'::json) as value_change
  from parsed
)

select
  source || ':' || key as event_uid,
  internal.id_of(key) as event_id,
  source,
  vendor,
  organization_id,
  coalesce(
    -- The rule is long, and is planned once instead of three times.
    list_filter(
      list_transform([r.timestamp, r.occurredAt, r.createdAt], lambda stated: internal.instant_of(stated)),
      lambda "at": "at" is not null
    )[1],
    case when coalesce(r.timestamp, r.occurredAt, r.createdAt) is null then time end
  ) as occurred_at,
  nullif(r.eventType, '') as action,
  case
    when vendor_actor_type in ('user', 'service_user', 'api_key', 'system') then vendor_actor_type
    -- The older shape says by the field's name that it was a user.
    when vendor_actor_type is null and performer_id is not null then 'user'
    else 'unknown'
  end as actor_type,
  actor_id,
  coalesce(nullif(r.actor.email, ''), nullif(r.performing_user.email, '')) as actor_email,
  coalesce(
    nullif(r.actor.displayName, ''), nullif(r.actor.name, ''),
    nullif(r.performing_user.displayName, ''), nullif(r.performing_user.name, ''), nullif(r.performing_user.username, '')
  ) as actor_name,
  coalesce(vendor_target_type, case when affected_id is not null then 'user' end) as target_type,
  target_id,
  coalesce(nullif(r.resource.email, ''), nullif(r.affected_user.email, '')) as target_email,
  coalesce(
    nullif(r.resource.name, ''),
    nullif(r.affected_user.displayName, ''), nullif(r.affected_user.name, ''), nullif(r.affected_user.username, '')
  ) as target_name,
  nullif(r.request.ipAddress, '') as ip_address,
  nullif(r.request.userAgent, '') as user_agent,
  nullif(r.request.requestId, '') as request_id,
  case
    when metadata is not null and value_change is not null
      then json_object('metadata', metadata, 'valueChange', value_change)
    else coalesce(metadata, value_change)
  end as details,
  record as raw,
  raw_altered,
  seen_at,
  seq,
  n
from named
