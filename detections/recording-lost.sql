/*
title: Events were lost before they were recorded
answers: Which streams have days that the vendor purged before they were read, or that it has and the archive lacks
parameters:
  troubles: { type: text, default: '[]', says: 'what is wrong with the recording: a run of detect knows' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  kind: which of them
  what: what is wrong, in the words of `status`
  hint: what to do about it
severity: critical
attack: [T1562.008, T1070]
sigma: Gap in a log source
falsePositives: 'None: something is missing'
respond: Do what `auditlake status --coverage` says. Look for the days in another source
key: [subject, kind]
*/
with told as (
  select unnest(from_json(if(json_valid($troubles), $troubles, '[]'), '[{"kind": "VARCHAR", "source": "VARCHAR", "stream": "VARCHAR", "what": "VARCHAR", "hint": "VARCHAR"}]')) as t
)
select
  null::timestamptz as "at", t.source as source, trim(t.source || '/' || t.stream, '/') as subject,
  []::varchar[] as evidence, t.kind as kind, t.what as what, t.hint as hint
from told
where t.kind in ('lost', 'missing')
