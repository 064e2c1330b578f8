-- Every value that was observed, also that there is none any more: a receiver that keeps the newest revision has
-- usage_metrics, with a row without a value for what was withdrawn.
with observed as (
  select
    * exclude (stream, record_key, latest),
    sha256(json_array(
      source, stream, record_key, dataset, scope, scope_id,
      -- A snapshot's period is when it was read; the figure is the same one each time.
      case when granularity <> 'snapshot' then period_start end::varchar, period_end::varchar,
      granularity, tool, model, metric, unit
    )::varchar) as row_uid,
    -- A batch may have two versions of a record.
    seq * 1000000 + n as revision
  from internal.named_figures
  where seq > $after and seq <= $to
)
-- A record has many figures, and each needs a place of its own.
select * replace (row_number() over (partition by seq order by n, row_uid) as n)
from observed
