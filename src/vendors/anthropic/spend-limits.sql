-- One version of a spend limit per record. What has been spent of it moves by itself: it is a figure.
select
  source,
  vendor,
  stream,
  'spend_limit' as entity_type,
  key as entity_id,
  json_merge_patch(record, '{"period_to_date_spend": null}') as attributes,
  seen_at,
  true as present,
  seq,
  n
from records
