-- One version of the license per record. It is one thing, and carries no time of change: `iat` says when
-- the license was issued, not when a seat was added to it.
with parsed as (
  select *, try_cast(record ->> 'exp' as double) as expires_number
  from records
),

-- A licence may also end beyond any time at which something can happen.
dated as (
  select
    *,
    coalesce(
      internal.instant_of(record ->> 'exp'),
      -- As seconds, 1e11 would be the year 5138.
      try(to_timestamp(expires_number / case when abs(expires_number) >= 1e11 then 1000 else 1 end)),
      try_cast(record ->> 'exp' as timestamptz)
    ) as expires_at
  from parsed
)

select
  source,
  vendor,
  stream,
  'license' as entity_type,
  key as entity_id,
  -- Without its nulls: a null in a patch removes what the record has.
  json_merge_patch(record, json_merge_patch('{}', json_object(
    'seats_cap', record -> '$.seatsCap',
    'expires_at', strftime(expires_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')
  ))) as attributes,
  seen_at,
  true as present,
  seq,
  n
from dated
