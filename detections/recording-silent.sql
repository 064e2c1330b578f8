/*
title: A source is no longer recorded
answers: Which streams that must work are behind for longer than they may be
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
severity: high
attack: [T1562.008]
sigma: Log source stopped sending
falsePositives: A vendor that is down; a schedule that was paused on purpose
respond: Do what `auditlake status` says. As long as a vendor keeps its log, the next run reads what is missing
key: [subject, kind]
*/
with told as (
  select unnest(from_json(if(json_valid($troubles), $troubles, '[]'), '[{"kind": "VARCHAR", "source": "VARCHAR", "stream": "VARCHAR", "what": "VARCHAR", "hint": "VARCHAR"}]')) as t
)
select
  null::timestamptz as "at", t.source as source, trim(t.source || '/' || t.stream, '/') as subject,
  []::varchar[] as evidence, t.kind as kind, t.what as what, t.hint as hint
from told
where t.kind in ('freshness', 'unread', 'awaited', 'retention')
