-- One version of a group per record, without what moves by itself: what it spends, and when that was counted.
select
  source,
  vendor,
  stream,
  'team' as entity_type,
  key as entity_id,
  nullif(record ->> 'name', '') as name,
  json_merge_patch(record, '{"spendCents": null, "dailySpend": null, "currentMembers": null, "formerMembers": null, "updatedAt": null}') as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
