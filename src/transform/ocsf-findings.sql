-- One OCSF 1.8.0 Detection Finding per row of `rows`, which has the columns of findings and `n`.
with known as (
  select
    *,
    case when state = 'closed' then 3 when revision > 1 then 2 else 1 end as activity_id,
    case severity when 'low' then 2 when 'medium' then 3 when 'high' then 4 when 'critical' then 5 else 0 end as severity_id,
    case when isfinite(first_seen_at) then epoch_ms(first_seen_at) end as first_ms,
    case when isfinite(last_seen_at) then epoch_ms(last_seen_at) end as last_ms,
    case when isfinite(found_at) then epoch_ms(found_at) end as found_ms
  from (select * replace (evidence::varchar[] as evidence, techniques::varchar[] as techniques) from rows)
)
select
  seq,
  n,
  finding_id as event_uid,
  revision,
  last_seen_at as occurred_at,
  json_merge_patch('{}', json_object(
    'class_uid', 2004,
    'class_name', 'Detection Finding',
    'category_uid', 2,
    'category_name', 'Findings',
    'activity_id', activity_id,
    'activity_name', ['Create', 'Update', 'Close'][activity_id],
    'type_uid', 200400 + activity_id,
    'severity_id', severity_id,
    'severity', case severity_id when 0 then 'Unknown' else upper(severity[1]) || severity[2:] end,
    'status_id', if(state = 'closed', 4, 1),
    'status', if(state = 'closed', 'Resolved', 'New'),
    'status_detail', reason,
    'is_alert', true,
    'time', coalesce(last_ms, found_ms, 0),
    'start_time', first_ms,
    'end_time', last_ms,
    'message', concat_ws(': ', title, subject),
    'metadata', json_object(
      'version', '1.8.0',
      'product', json_object('name', 'auditlake', 'vendor_name', 'auditlake'),
      'uid', concat(finding_id, '/', revision),
      'log_provider', 'auditlake',
      'logged_time', found_ms
    ),
    'finding_info', json_merge_patch('{}', json_object(
      'uid', finding_id,
      'title', coalesce(title, 'unknown'),
      'types', [detection],
      'created_time', found_ms,
      'first_seen_time', first_ms,
      'last_seen_time', last_ms,
      'analytic', json_object('name', detection, 'uid', rule, 'type_id', 1, 'type', 'Rule'),
      'attacks', case when len(techniques) > 0
        then list_transform(techniques, lambda id: json_object('technique', json_object('uid', id))) end,
      'related_events', case when len(evidence) > 0
        then list_transform(evidence, lambda uid: json_object('uid', uid)) end,
      'related_events_count', len(evidence)
    )),
    'remediation', case when respond is not null then json_object('desc', respond) end,
    'resources', case when subject is not null then [json_object('name', subject)] end,
    'unmapped', json_object('source', source, 'seq', seq, 'revision', revision, 'details', details)
  ))::varchar as json
from known
