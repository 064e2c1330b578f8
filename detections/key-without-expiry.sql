/*
title: A key that never expires was made
answers: Which key, token or service user appeared in a directory without an end, after the directory was first read
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  entity_type: what kind of thing
  entity_id: its id
  details: what the vendor says about it
needs: [target:entity]
severity: medium
attack: [T1098.001, T1550.001]
sigma: AWS IAM access key that is not rotated
falsePositives: Vendors whose keys cannot have an end; keys of long-running services that are rotated otherwise
respond: Replace it by one that ends, or note who rotates it and when
key: [source, entity_type, entity_id]
*/
with directories as (
  select source, entity_type, min(seq) as base from entity_history group by all
)
select
  valid_from as "at", source, coalesce(name, entity_id) as subject, []::varchar[] as evidence,
  entity_type, entity_id, attributes as details
from entity_history join directories using (source, entity_type)
where seq > $after and seq > base
  and regexp_matches(entity_type, 'key|token|credential|pat_|service_user')
  and regexp_matches(attributes::varchar, '(?i)"[a-z_]*expires?_?(at|on)?" *: *null')
  and not regexp_matches(attributes::varchar, '"status" *: *"(expired|inactive|archived)"')
