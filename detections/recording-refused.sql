/*
title: A vendor refuses to be recorded
answers: Which vendor does not accept the token any more, or takes a permission from it
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
sigma: Logging credentials revoked
falsePositives: A token that has run out
respond: 'Find out who revoked the token or its permission: it may be somebody who does not want to be seen. Then make a new one'
key: [subject, kind]
*/
with told as (
  select unnest(from_json(if(json_valid($troubles), $troubles, '[]'), '[{"kind": "VARCHAR", "source": "VARCHAR", "stream": "VARCHAR", "what": "VARCHAR", "hint": "VARCHAR"}]')) as t
)
select
  null::timestamptz as "at", t.source as source, trim(t.source || '/' || t.stream, '/') as subject,
  []::varchar[] as evidence, t.kind as kind, t.what as what, t.hint as hint
from told
where t.kind in ('token-refused', 'forbidden')
