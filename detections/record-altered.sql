/*
title: The record was altered or part of it lost
answers: In which part of the home the last verification found something that is not as it was committed
parameters:
  troubles: { type: text, default: '[]', says: 'what is wrong with the recording: a run of detect knows' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: which part
  evidence: the events that show it
  kind: which of them
  what: what was found, in the words of `verify`
  hint: what to do about it
severity: critical
attack: [T1070, T1565.001]
sigma: Log files deleted or modified
falsePositives: A disk that fails; a restore from an older backup
respond: Do what `hint` says, and change nothing before the home was copied. Compare with the heads that were kept elsewhere, and find out who could write into the home
key: [subject, kind]
*/
with stated as (
  select unnest(from_json(if(json_valid($troubles), $troubles, '[]'), '[{"kind": "VARCHAR", "source": "VARCHAR", "stream": "VARCHAR", "what": "VARCHAR", "hint": "VARCHAR"}]')) as t
)
select
  null::timestamptz as "at", null::varchar as source, t.stream as subject, []::varchar[] as evidence, t.kind as kind, t.what as what,
  t.hint as hint
from stated
where t.kind = 'altered'
