-- One version of a person per record, as the identity provider has it. A suspended one stays in the list.
with parsed as (
  select
    *,
    from_json(record, '{
      "externalId": "VARCHAR", "userName": "VARCHAR", "displayName": "VARCHAR", "active": "VARCHAR",
      "name": {"formatted": "VARCHAR", "givenName": "VARCHAR", "familyName": "VARCHAR"},
      "emails": [{"value": "VARCHAR", "primary": "VARCHAR"}],
      "meta": {"lastModified": "VARCHAR"}
    }') as r
  from records
)

select
  source,
  vendor,
  stream,
  'scim_user' as entity_type,
  key as entity_id,
  coalesce(
    nullif(r.displayName, ''), nullif(r.name.formatted, ''),
    nullif(trim(concat_ws(' ', r.name.givenName, r.name.familyName)), ''), nullif(r.userName, '')
  ) as name,
  coalesce(
    list_filter(r.emails, lambda one: one.primary = 'true' and one.value <> '')[1].value,
    list_filter(r.emails, lambda one: one.value <> '')[1].value,
    if(r.userName like '%@%', r.userName, null)
  ) as email,
  list_filter(
    list_concat(
      ['scim:' || nullif(r.externalId, ''), 'scim:' || nullif(r.userName, '')],
      list_transform(r.emails, lambda one: 'email:' || nullif(one.value, ''))
    ),
    lambda identity: identity is not null
  ) as identities,
  json_merge_patch(record, json_object('status', if(r.active = 'false', 'suspended', 'active'))) as attributes,
  internal.instant_of(r.meta.lastModified) as changed_at,
  seen_at,
  true as present,
  seq,
  n
from parsed
