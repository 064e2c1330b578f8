/*
title: Which keys never expire
answers: Every key and token that a directory lists now, and that has no end
columns:
  source: the account at the vendor
  kind: what kind of key
  name: what it is called
  id: the vendor's id of it
  owner: whose it is, where the vendor says so
  since: when it was read first
  attributes: all that the vendor says of it
needs: [target:entity]
*/
select
  source,
  entity_type as kind,
  name,
  entity_id as id,
  coalesce(attributes ->> '$.owner.name', attributes ->> '$.owner.login', attributes ->> '$.created_by.id') as owner,
  min(valid_from) over (partition by source, entity_type, entity_id) as since,
  attributes
from entity_history
where regexp_matches(entity_type, 'key|token|credential|pat_')
  and coalesce(
    nullif(attributes ->> 'expires_at', ''), nullif(attributes ->> 'token_expires_at', ''),
    nullif(attributes ->> 'authorized_credential_expires_at', '')
  ) is null
qualify valid_to is null
order by source, kind, name, id
