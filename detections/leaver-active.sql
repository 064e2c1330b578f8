/*
title: Somebody who left still has an active account
answers: Who is gone from one vendor and active at another
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  gone_from: where no account is active any more
  active_in: where one still is
needs: [target:entity]
severity: high
attack: [T1078.004]
sigma: Account of a former employee used
falsePositives: People who changed teams and lost a licence; accounts of an identity provider that is being replaced
respond: Deactivate the accounts that are left. Look at what was done with them since
key: [subject]
*/
select
  gone_seen_at as "at", null::varchar as source, person_id as subject, []::varchar[] as evidence, gone_from, active_in
from leavers
