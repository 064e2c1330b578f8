/*
title: What came, went or was renamed
answers: Every thing of a directory that appeared, was changed or was no longer listed in the period, after it was first read
parameters:
  since: { type: instant, default: 7d, says: from when on }
  until: { type: instant, default: now, says: up to when }
columns:
  at: when
  source: the account at the vendor
  change: '`appeared`, `changed` or `gone`'
  kind: what kind of thing
  name: its name
  id: the vendor's id of it
  seq: the ledger line that brought the version
needs: [target:entity]
*/
with first_readings as (
  select source, entity_type, min(seq) as base_seq from entity_history group by source, entity_type
),
versions as (
  select
    *,
    row_number() over entity as version,
    lead(valid_from) over entity as next_from
  from entity_history
  window entity as (partition by source, entity_type, entity_id order by valid_from, seq)
),
changes as (
  select valid_from as "at", if(version = 1, 'appeared', 'changed') as change, * from versions
  union all by name
  select valid_to as "at", 'gone' as change, * from versions where valid_to is not null and valid_to is distinct from next_from
)
select c."at", c.source, c.change, c.entity_type as kind, c.name, c.entity_id as id, c.seq
from changes c
join first_readings f on f.source = c.source and f.entity_type = c.entity_type
where (c.seq > f.base_seq or c.change = 'gone') and c."at" >= $since and c."at" < $until
order by c."at", c.source, kind, c.name, id, c.change
