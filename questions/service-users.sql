/*
title: Which service users and keys there are
answers: Every service user, key, token and app that a directory lists now
columns:
  source: the account at the vendor
  kind: what it is
  name: what it is called
  id: the vendor's id of it
  since: when it was read first
  attributes: all that the vendor says of it
needs: [target:entity]
*/
select
  source,
  entity_type as kind,
  name,
  entity_id as id,
  min(valid_from) over (partition by source, entity_type, entity_id) as since,
  attributes
from entity_history
where regexp_matches(entity_type, 'service_user|key|token|credential|pat_|app_')
qualify valid_to is null
order by source, kind, name, id
