-- One OCSF 1.8.0 event per row of `rows`, which has the columns of audit_events and `n`, in a warehouse. docs/ocsf.md tells why a class was
-- chosen. What a class requires and the vendor does not say is 'unknown': a receiver may refuse an event without it.
with classes(class_uid, class_name, category_uid, category_name) as (
  values
    (2004, 'Detection Finding', 2, 'Findings'),
    (3001, 'Account Change', 3, 'Identity & Access Management'),
    (3002, 'Authentication', 3, 'Identity & Access Management'),
    (3004, 'Entity Management', 3, 'Identity & Access Management'),
    (3005, 'User Access Management', 3, 'Identity & Access Management'),
    (3006, 'Group Management', 3, 'Identity & Access Management'),
    (6003, 'API Activity', 6, 'Application Activity')
),

-- What is not here is 99, Other, under our own word.
activities(class_uid, verb, activity_id, activity_name) as (
  values
    (2004, 'other', 1, 'Create'),
    (3001, 'create', 1, 'Create'), (3001, 'enable', 2, 'Enable'), (3001, 'disable', 5, 'Disable'), (3001, 'delete', 6, 'Delete'),
    (3002, 'login', 1, 'Logon'), (3002, 'logout', 2, 'Logoff'),
    (3004, 'create', 1, 'Create'), (3004, 'read', 2, 'Read'), (3004, 'update', 3, 'Update'), (3004, 'delete', 4, 'Delete'),
    (3004, 'enable', 8, 'Enable'), (3004, 'disable', 9, 'Disable'),
    (3005, 'grant', 1, 'Assign Privileges'), (3005, 'revoke', 2, 'Revoke Privileges'),
    (3006, 'grant privileges', 1, 'Assign Privileges'), (3006, 'revoke privileges', 2, 'Revoke Privileges'),
    (3006, 'grant', 3, 'Add User'), (3006, 'revoke', 4, 'Remove User'), (3006, 'delete', 5, 'Delete'), (3006, 'create', 6, 'Create'),
    (6003, 'create', 1, 'Create'), (6003, 'read', 2, 'Read'), (6003, 'update', 3, 'Update'), (6003, 'delete', 4, 'Delete')
),

user_types(kind, type_id, type) as (
  values ('user', 1, 'User'), ('service_user', 4, 'Service'), ('system', 3, 'System'), ('api_key', 99, 'api_key')
),

entity_types(kind, type_id, type) as (
  values
    ('user', 2, 'User'), ('service_user', 2, 'User'),
    ('team', 3, 'Group'), ('group', 3, 'Group'), ('idp_group', 3, 'Group'), ('org_group', 3, 'Group'),
    ('organization', 4, 'Organization'), ('enterprise', 4, 'Organization')
),

-- What `details` may say of roles and groups, in the words that vendors use. The change of a value may stand alone or in
-- an object of its own.
detailed as (
  select
    r.*,
    a.finding,
    json_transform(details, '{
      "roles": ["VARCHAR"], "role_name": "VARCHAR", "role": "VARCHAR",
      "target_group_name": "VARCHAR", "idp_group_name": "VARCHAR", "group_name": "VARCHAR",
      "field": "VARCHAR", "oldValue": "VARCHAR", "newValue": "VARCHAR",
      "valueChange": {"field": "VARCHAR", "oldValue": "VARCHAR", "newValue": "VARCHAR"}
    }') as d
  from rows r
  left join internal.actions a on a.vendor = r.vendor and a.action = r.action
),

understood as (
  select
    *,
    coalesce(target_type in ('user', 'service_user'), false) as about_person,
    coalesce(target_type in ('team', 'group', 'idp_group', 'org_group'), false) as about_group,
    coalesce(target_id, target_email, target_name) is not null as target_known,
    list_filter(list_concat(d.roles, [d.role_name, d.role]), lambda role: nullif(role, '') is not null) as privileges,
    case when coalesce(d.valueChange.field, d.field) = 'team'
      then coalesce(d.valueChange.newValue, d.newValue, d.valueChange.oldValue, d.oldValue) end as changed_team,
    case when isfinite(occurred_at) then occurred_at end as happened_at,
    case when isfinite(first_seen_at) then first_seen_at end as seen_at
  from detailed
),

classified as (
  select
    *,
    case
      when finding is not null then 2004
      when category = 'account' then 3001
      when category = 'authentication' then 3002
      when category = 'access' and activity in ('grant', 'revoke') and about_person then 3005
      when category = 'group' then 3006
      when category in ('access', 'credential', 'configuration', 'content', 'policy') then 3004
      else 6003
    end as class_uid,
    -- A group that is given roles gets no member.
    case
      when category = 'group' and activity in ('grant', 'revoke') and not about_person and len(privileges) > 0
        then activity || ' privileges'
      else coalesce(activity, 'other')
    end as verb
  from understood
),

-- The objects that several classes have. Lists keep nulls, so that what stands in one is freed of them here.
composed as (
  select
    r.*,
    c.class_name,
    c.category_uid,
    c.category_name,
    coalesce(a.activity_id, 99) as activity_id,
    coalesce(a.activity_name, r.verb) as activity_name,
    coalesce(p.product, r.vendor, 'unknown') as product,
    coalesce(p.maker, r.vendor, 'unknown') as maker,
    json_merge_patch('{}', json_object(
      'name', coalesce(r.actor_email, r.actor_name, r.actor_id, case r.actor_type when 'system' then 'system' else 'unknown' end),
      'uid', r.actor_id,
      'email_addr', case when regexp_full_match(r.actor_email, '[A-Za-z0-9.''_%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+') then r.actor_email end,
      'full_name', r.actor_name,
      'type_id', coalesce(actor.type_id, 0),
      'type', coalesce(actor.type, 'Unknown')
    )) as actor_user,
    json_merge_patch('{}', json_object(
      'name', coalesce(r.target_email, r.target_name, r.target_id, 'unknown'),
      'uid', r.target_id,
      'email_addr', case when regexp_full_match(r.target_email, '[A-Za-z0-9.''_%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+') then r.target_email end,
      'full_name', r.target_name,
      'type_id', coalesce(target.type_id, 0),
      'type', coalesce(target.type, 'Unknown')
    )) as target_user,
    case when r.target_known
      then json_object(
        'uid', r.target_id,
        'name', coalesce(r.target_name, r.target_email),
        'type_id', coalesce(entity.type_id, case when r.target_type is null then 0 else 99 end),
        'type', coalesce(entity.type, r.target_type, 'Unknown')
      )
      -- Such an action concerns the account as a whole.
      else json_object(
        'uid', r.organization_id,
        'name', case when r.organization_id is null then coalesce(r.source, 'unknown') end,
        'type_id', 4,
        'type', 'Organization'
      )
    end as entity,
    case when r.target_known then [json_merge_patch('{}', json_object(
      'uid', r.target_id, 'name', coalesce(r.target_name, r.target_email), 'type', r.target_type, 'role_id', 1, 'role', 'Target'
    ))] end as resources,
    case
      when r.about_group and r.target_known
        then json_object('uid', r.target_id, 'name', coalesce(r.target_name, r.target_email), 'type', r.target_type)
      else json_object(
        'name', coalesce(d.target_group_name, d.idp_group_name, d.group_name, r.changed_team, 'unknown')
      )
    end as "group",
    case
      when regexp_full_match(r.ip_address, '((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)')
        or regexp_full_match(r.ip_address, '(?i)([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}')
        or (
          regexp_full_match(r.ip_address, '(?i)([0-9a-f]{1,4}(:[0-9a-f]{1,4})*)?::([0-9a-f]{1,4}(:[0-9a-f]{1,4})*)?')
          and len(regexp_extract_all(r.ip_address, '[0-9A-Fa-f]+')) <= 7
        )
        or regexp_full_match(r.ip_address, '(?i)::ffff:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)')
        then json_object('ip', r.ip_address)
      -- Not an address, perhaps several.
      when r.ip_address is not null then json_object('name', r.ip_address)
      when r.class_uid = 6003 then json_object('name', 'unknown')
    end as src_endpoint,
    case when r.user_agent is not null then json_object('user_agent', r.user_agent) end as http_request
  from classified r
  join classes c on c.class_uid = r.class_uid
  left join activities a on a.class_uid = r.class_uid and a.verb = r.verb
  left join internal.vendors p on p.vendor = r.vendor
  left join user_types actor on actor.kind = r.actor_type
  left join user_types target on target.kind = r.target_type
  left join entity_types entity on entity.kind = r.target_type
)

select
  seq,
  n,
  event_uid,
  revision,
  occurred_at,
  json_merge_patch('{}', json_object(
    'class_uid', class_uid,
    'class_name', class_name,
    'category_uid', category_uid,
    'category_name', category_name,
    'activity_id', activity_id,
    'activity_name', activity_name,
    'type_uid', class_uid * 100 + activity_id,
    'severity_id', case class_uid when 2004 then 3 else 1 end,
    'severity', case class_uid when 2004 then 'Medium' else 'Informational' end,
    -- Required: an event without a time has the one at which we first saw it, and `unmapped.time_basis` says so.
    'time', coalesce(epoch_ms(happened_at), epoch_ms(seen_at), 0),
    'message', concat_ws(
      ' ', coalesce(actor_name, actor_email, actor_id), coalesce(action, 'unknown'), coalesce(target_name, target_email, target_id)
    ),
    'metadata', json_object(
      'version', '1.8.0',
      'product', json_object('name', product, 'vendor_name', maker),
      'uid', event_uid,
      'original_event_uid', event_id,
      'event_code', action,
      'correlation_uid', request_id,
      'tenant_uid', organization_id,
      'log_provider', 'auditlake',
      'original_time', strftime(happened_at, '%Y-%m-%dT%H:%M:%S.%fZ'),
      'logged_time', epoch_ms(seen_at)
    ),
    'actor', case when class_uid <> 2004 then json_object('user', actor_user) end,
    'user', case
      when class_uid = 3002 then actor_user
      when class_uid in (3001, 3005) or (class_uid = 3006 and about_person) then target_user
    end,
    'src_endpoint', case when class_uid <> 2004 then src_endpoint end,
    'http_request', case when class_uid <> 2004 then http_request end,
    'service', case class_uid when 3002 then json_object('name', product) end,
    'entity', case class_uid when 3004 then entity end,
    'group', case class_uid when 3006 then "group" end,
    'privileges', case
      when class_uid = 3005 and len(privileges) = 0 then ['unknown']
      when class_uid = 3005 or (class_uid = 3006 and len(privileges) > 0) then privileges
    end,
    'api', case class_uid when 6003 then json_object(
      'operation', coalesce(action, 'unknown'),
      'request', case when request_id is not null then json_object('uid', request_id) end,
      'service', json_object('name', product)
    ) end,
    'resources', case when class_uid in (2004, 6003) then resources end,
    'finding_info', case class_uid when 2004 then json_object('uid', coalesce(event_uid, 'unknown'), 'title', case finding when 'guardrail' then 'AI guardrail violation' else finding end) end,
    'evidences', case class_uid when 2004 then [json_merge_patch('{}', json_object(
      'actor', json_object('user', actor_user), 'src_endpoint', src_endpoint, 'http_request', http_request
    ))] end,
    'raw_data', raw::varchar,
    'unmapped', json_object(
      'source', source,
      'seq', seq,
      'revision', revision,
      'category', category,
      'activity', activity,
      'time_basis', case when happened_at is not null then 'event' when seen_at is not null then 'first_seen_at' else 'none' end,
      'name_basis', name_basis,
      'team_id', team_id,
      'team_name', team_name,
      'target_type', target_type,
      'target_id', target_id,
      'target_email', target_email,
      'target_name', target_name,
      'raw_altered', raw_altered
    )
  ))::varchar as json
from composed
