-- Measured against the end of what was read, not against a clock: a reader that stopped makes nobody unused.
create view main.unused_accounts as
with asked as (
  select distinct s.source, m.stream
  from (select distinct source, vendor from main.ledger where vendor is not null) s
  join internal.measures m on m.vendor = s.vendor and m.measure = 'activity'
),
places as (
  select source, stream, seq, "cursor" from main.ledger where kind = 'batch'
  union all
  select source, stream, seq, "cursor" from internal.run_streams
),
-- Who was not asked about yet has no figures either: as long as a reading is under way nobody is called unused.
unfinished as (
  select source
  from (
    select source, stream, arg_max("cursor", seq) ->> 'window' as open_window
    from places semi join asked using (source, stream)
    where "cursor" is not null and "cursor"::varchar <> 'null'
    group by source, stream
  )
  where open_window is not null
),
activity as (
  select f.source, f.scope_id as user_id, f.period_start, f.period_end, f.value
  from internal.figures f
  join internal.measures m on m.vendor = f.vendor and m.stream = f.stream and f.metric glob m.metric
  where f.latest and f.value is not null and f.scope = 'user' and m.measure = 'activity'
    -- A pseudonym is nobody's id: with them nothing can be said about anyone.
    and not starts_with(f.scope_id, $pseudonym_prefix)
),
readings as (
  select source, max(period_end) as read_to from activity group by source
),
last_activity as (
  select source, user_id, max(period_end) as active_to, max(period_start) as active_from
  from activity where value > 0 group by source, user_id
)
select
  u.source,
  u.user_id,
  p.person_id,
  u.name,
  u.email,
  u.team_id,
  u.team_name,
  (a.active_from at time zone 'UTC')::date as last_active_day,
  r.read_to
from main.users u
join readings r on r.source = u.source
left join last_activity a on a.source = u.source and a.user_id = u.user_id
left join internal.person_ids p on p.source = u.source and p.user_id = u.user_id
where u.status = 'active' and (a.active_to is null or a.active_to <= r.read_to - interval 30 days)
  and u.source not in (select source from unfinished);
