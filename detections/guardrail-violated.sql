/*
title: A guardrail stopped an agent
answers: For whom an agent did what a guardrail forbids, whether it was stopped or not
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day
  session_id: in which session, where the event says so
  details: what the vendor says about it
needs: [finding:guardrail]
severity: high
attack: [T1059]
atlas: [AML.T0051, AML.T0054]
falsePositives: 'A guardrail that is too strict: texts that look like secrets, commands in a sandbox'
respond: Read the session. Somebody may have told the agent to do it, or a text that the agent read
key: [source, subject, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, session_id, details
from guardrail_violations
where seq > $after
