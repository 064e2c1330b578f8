-- A stream has days if it is read in windows: a snapshot is not. Instants without a zone are UTC: counting days with
-- those that have one takes ten times as long.

-- Since when the vendor still had everything, at each measurement. Its oldest event alone does not tell: of a quiet log
-- it is young because nothing happened. What an earlier measurement saw kept so long is kept, unless the archive has
-- an event younger than that which is gone. Null where the archive has nothing older: the vendor has purged nothing yet.
create view internal.stream_retention as
with measured as (
  select
    source, stream, seq, finished_at as measured_at, oldest_served,
    lag(watermark) over runs_so_far as watermark_before,
    max(epoch_ms(finished_at) - epoch_ms(oldest_served)) over runs_so_far as kept_ms,
    max(seq) filter (oldest_served is not null) over (partition by source, stream) = seq as is_latest
  from internal.run_streams
  where job = 'sync'
  window runs_so_far as (partition by source, stream order by seq)
),
-- Most measurements tell nothing: the archive was ahead of what the vendor dropped.
telling as (
  select *, make_timestamp_ms(epoch_ms(measured_at) - kept_ms) as kept_since
  from measured
  where oldest_served is not null and (is_latest or watermark_before < oldest_served)
),
purged as (
  select
    m.source, m.stream, m.seq,
    max(if(l.max_time at time zone 'UTC' < m.oldest_served, l.max_time, l.min_time)) at time zone 'UTC' as newest_purged
  from telling m
  join main.ledger l
    on l.kind = 'batch' and l.source = m.source and l.stream = m.stream
    and l.seq <= m.seq and l.min_time at time zone 'UTC' < m.oldest_served
  group by all
)
select
  m.* exclude (kept_ms, kept_since),
  case
    when p.newest_purged < m.kept_since then m.kept_since
    when p.newest_purged is not null then m.oldest_served
  end as served_since
from telling m
left join purged p on p.source = m.source and p.stream = m.stream and p.seq = m.seq;

-- What a stream is, also before it brings anything.
create view internal.stated_of as
select l.source, s.stream, s.kind, s.once
from (select source, any_value(vendor) as vendor from main.ledger where vendor is not null group by source) l
join internal.stated_streams s using (vendor);

-- Per stream that has days: where it begins, how far it was read, and how far back from there it is read again.
create view internal.stream_progress as
with batches as (
  select
    source, stream, any_value(stream_kind) as stream_kind,
    -- Earlier versions counted times that cannot be right, such as 1970.
    min(case
      when internal.is_credible(min_time, "at") then min_time when internal.is_credible(max_time, "at") then max_time
    end) at time zone 'UTC' as oldest_event
  from main.ledger
  where kind = 'batch' and stream_kind in ('log', 'changes', 'series')
  group by all
),
cursors as (
  select seq, source, stream, "cursor" from main.ledger
  where kind = 'batch' and stream_kind in ('log', 'changes', 'series')
  union all
  select seq, source, stream, "cursor" from internal.run_streams where "cursor"::varchar <> 'null'
),
reached as (
  select
    source, stream,
    max_by("cursor", seq) as last_cursor,
    make_timestamp_ms((last_cursor ->> '$.watermark')::bigint) as watermark,
    make_timestamp_ms((last_cursor ->> '$.window.place')::bigint) as place,
    make_timestamp_ms((min_by("cursor", seq) ->> '$.window.from')::bigint) as first_open
  from cursors
  group by source, stream
),
syncs as (
  select
    source, stream,
    min(window_from) as first_from,
    min(finished_at) at time zone 'UTC' as first_run_at,
    max_by(lookback_seconds, seq) as lookback_seconds,
    least(max_by(window_to, seq) filter (is_read), max(finished_at) filter (is_read) at time zone 'UTC') as read_to,
    max_by({'outcome': outcome, 'window_from': window_from}, seq) as last
  from (select *, outcome = 'complete' and window_from is not null as is_read from internal.run_streams where job = 'sync')
  group by all
)
select
  r.source, r.stream,
  coalesce(b.stream_kind, d.kind, 'log') as stream_kind,
  -- With no start configured a first window begins in 1970.
  if(
    least(s.first_from, r.first_open) < timestamp '1970-01-02',
    coalesce(b.oldest_event, s.first_run_at),
    coalesce(least(s.first_from, r.first_open), b.oldest_event)
  ) as began_at,
  r.watermark,
  if(coalesce(b.stream_kind, d.kind) = 'series', s.read_to, greatest(r.watermark, r.place)) as read_to,
  to_seconds(coalesce(s.lookback_seconds, if(coalesce(b.stream_kind, d.kind) = 'series', 7, 1) * 86400)) as lookback,
  -- What the vendor froze is read once. Any other series has a window in every run: that of the day that it is.
  coalesce(b.stream_kind, d.kind, 'series') = 'series' and s.last.outcome = 'complete'
    and (coalesce(d.once, false) or s.last.window_from is null) as is_frozen
from reached r
left join batches b using (source, stream)
left join internal.stated_of d using (source, stream)
left join syncs s using (source, stream)
-- What never worked here, and need not, has no gaps either.
where b.source is not null or (s.first_from is not null and s.last.outcome <> 'unavailable');
