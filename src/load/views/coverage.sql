-- Every day of every stream up to an instant. A day that was not read is a gap once it is older than the next run may be late.
create macro main.coverage_as_of(instant, may_be_late) as table
with
streams as (
  select *, watermark - lookback as settled_to, if(is_frozen, least(watermark, at_last), at_last) as ends_at
  from (select *, instant::timestamptz at time zone 'UTC' as at_last from internal.stream_progress)
),
runs_of_streams as (
  select
    *,
    lag(watermark) over job_on_stream as watermark_before,
    lead(seq) over job_on_stream is null as is_latest
  from internal.run_streams
  window job_on_stream as (partition by source, stream, job order by seq)
),
-- A run that went wrong has read from the watermark on as far as it came, and nothing before it again.
read_ranges as (
  select
    r.source, r.stream, r.seq, r.finished_at, r.job,
    case
      when r.job <> 'sync' then r.window_from
      when r.outcome = 'complete' then least(r.window_from, coalesce(r.watermark_before, s.began_at))
      else coalesce(r.watermark_before, s.began_at)
    end as "from",
    case
      when r.job <> 'sync' then r.window_to
      when r.outcome <> 'complete' and r.is_latest then s.read_to
      when r.outcome = 'complete' and s.stream_kind = 'series' then least(r.window_to, r.finished_at at time zone 'UTC')
      else r.watermark
    end as "to",
    s.began_at
  from runs_of_streams r
  join streams s using (source, stream)
  where r.job = 'sync' or (r.job = 'backfill' and r.outcome = 'complete')
),
readings as (
  select
    source, stream, day_start::date as day,
    min(finished_at) as first_read_at, max(finished_at) as last_read_at, max(seq) as read_seq,
    -- Only as a whole: what is around it was not necessarily read.
    max(finished_at) filter (
      job = 'backfill' and day_start >= "from" and day_start + interval 1 day <= "to"
    ) as backfilled_at
  from (
    select
      *,
      unnest(range(
        date_trunc('day', if(job = 'sync', greatest("from", began_at), "from")), "to", interval 1 day
      )) as day_start
    from read_ranges
  )
  group by all
),
listed_days as (
  select source, stream, unnest(range(date_trunc('day', began_at), ends_at, interval 1 day))::date as day
  from streams
  union
  select source, stream, day from readings where backfilled_at is not null
),
days as (
  select *, day::timestamp as day_start, day + interval 1 day as day_end from listed_days
),
checks as (
  select
    source, stream, try_cast(c.day as date) as day,
    max_by(finished_at, seq) as checked_at, max_by(c, seq) as found, max(seq) as check_seq
  from (
    select
      source, stream, seq, finished_at,
      unnest(from_json(checked, '[{"day": "VARCHAR", "state": "VARCHAR", "vendor": "BIGINT", "note": "VARCHAR"}]')) as c
    from internal.run_streams
    where checked is not null
  )
  group by all
),
losses as (
  select
    source, stream, seq as loss_seq, watermark_before as lost_from, served_since as lost_to
  from internal.stream_retention
  where watermark_before < served_since
),
lost as (
  select d.source, d.stream, d.day, max(l.loss_seq) as loss_seq, min(l.lost_from) as lost_from, max(l.lost_to) as lost_to
  from days d
  join streams s using (source, stream)
  join losses l on l.source = d.source and l.stream = d.stream
    and d.day_end > l.lost_from - s.lookback and d.day_end <= l.lost_to
  group by all
),
prunes as (
  select seq, "at", reason, unnest(from_json(seqs, '[["BIGINT"]]')) as seqs
  from main.ledger where kind = 'prune'
),
pruned as (
  select source, stream, day::date as day, max(prune_seq) as prune_seq,
    arg_max(note, prune_seq) as prune_note
  from (
    select
      b.source, b.stream, p.seq as prune_seq,
      format('removed at {}Z: {}', p.at at time zone 'UTC', coalesce(p.reason, '')) as note,
      unnest(range(
        date_trunc('day', greatest(b.min_time at time zone 'UTC', s.began_at)),
        b.max_time at time zone 'UTC' + interval 1 millisecond, interval 1 day
      )) as day
    from prunes p
    join main.ledger b on b.kind = 'batch' and b.seq between p.seqs[1] and p.seqs[2]
    join streams s using (source, stream)
  )
  group by all
),
counts as (
  select l.source, l.stream, (e.occurred_at at time zone 'UTC')::date as day, count(*) as events
  from internal.events e
  join main.ledger l on l.seq = e.seq and l.kind = 'batch'
  group by all
),
-- As measured, else as the vendor says.
kept as (
  select source, stream, coalesce(m.kept, to_seconds(r.seconds)) as kept
  from streams s
  left join (
    select source, any_value(vendor) as vendor from main.ledger where vendor is not null group by source
  ) using (source)
  left join internal.stated_streams r using (vendor, stream)
  left join (
    select source, stream, measured_at at time zone 'UTC' - served_since as kept
    from internal.stream_retention where is_latest
  ) m using (source, stream)
),
judged as (
  select
    d.source, d.stream, d.day, d.day_start, s.stream_kind, s.read_to,
    case
      when d.day_end > l.lost_from then {'state': 'gap', 'reason': 'lost to retention'}
      when c.found.state = 'missing' then {'state': 'gap', 'reason': 'missing at check'}
      when c.found.state = 'complete' and c.checked_at at time zone 'UTC' >= d.day_end + s.lookback
        then {'state': 'complete', 'reason': 'checked with the vendor'}
      -- It was read, but what came late was purged before it was to be read again.
      when l.loss_seq is not null then {'state': 'provisional', 'reason': 'read'}
      when s.is_frozen then {'state': 'complete', 'reason': 'read'}
      when d.day_end <= s.settled_to and d.day_end > s.began_at then {'state': 'complete', 'reason': 'read again after the lookback'}
      when r.backfilled_at at time zone 'UTC' >= d.day_end + s.lookback then {'state': 'complete', 'reason': 'read'}
      when (d.day_end <= s.read_to and d.day_end > s.began_at) or r.backfilled_at at time zone 'UTC' >= d.day_end then {'state': 'provisional', 'reason': 'read'}
      when d.day_end <= s.at_last - may_be_late::interval then {'state': 'gap', 'reason': 'not read yet'}
      else {'state': 'provisional', 'reason': if(d.day_start < s.read_to, 'partly read', 'not read yet')}
    end as verdict,
    r.first_read_at, r.last_read_at, r.read_seq,
    c.checked_at, c.found, c.check_seq, l.lost_from, l.lost_to, l.loss_seq, p.prune_seq, p.prune_note
  from days d
  join streams s using (source, stream)
  left join readings r using (source, stream, day)
  left join checks c using (source, stream, day)
  left join lost l using (source, stream, day)
  left join pruned p using (source, stream, day)
)
select
  j.source, j.stream, j.day,
  j.verdict.state as state,
  -- Removed on purpose is no gap: it was read.
  if(j.prune_seq is not null and j.verdict.state <> 'gap', 'pruned', j.verdict.reason) as reason,
  if(j.stream_kind = 'log', coalesce(n.events, 0), null) as events,
  j.first_read_at, j.last_read_at, j.checked_at,
  j.found.vendor as vendor_count,
  -- An interval of months and days would not be as long as what was measured.
  epoch(k.kept) / 86400 as kept_days,
  (j.day_start + k.kept) at time zone 'UTC' as served_until,
  case reason
    when 'lost to retention' then format('read up to {}Z; when the next run came, the vendor had nothing older than {}Z', j.lost_from, j.lost_to)
    when 'not read yet' then if(j.day_start < j.read_to, format('read up to {}Z', j.read_to), null)
    when 'pruned' then j.prune_note
    else j.found.note
  end as note,
  case reason
    when 'lost to retention' then j.loss_seq
    when 'missing at check' then j.check_seq
    when 'checked with the vendor' then j.check_seq
    when 'pruned' then j.prune_seq
    else j.read_seq
  end as seq
from judged j
left join counts n using (source, stream, day)
left join kept k using (source, stream);

-- As of the last run, with the default of `freshness`: `auditlake status --coverage` knows the time and the setting.
create view main.coverage as
from main.coverage_as_of((select max(finished_at) from main.runs), interval 48 hours);
