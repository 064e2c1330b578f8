/*
title: Rules for signing in were weakened
answers: Who switched off or removed single sign-on, a second factor or provisioning
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  day: the UTC day
  action: 'what was done, in the vendor''s word'
  target: what it was done to
  details: what the vendor says about it
  ip_address: from where
needs: [action:policy/* or action:configuration/*]
severity: high
attack: [T1556.006, T1556.009]
sigma: Github SSO or 2FA requirement disabled
falsePositives: A move to another identity provider that was planned
respond: Switch it on again at once if it was not agreed. Look at who signed in without it since
key: [source, subject, action, day]
*/
select
  occurred_at as "at", source, coalesce(actor_email, actor_name, actor_id) as subject, [event_uid] as evidence,
  occurred_at::date as day, action, coalesce(target_email, target_name, target_id) as target, details, ip_address
from audit_events
where seq > $after
  and category in ('policy', 'configuration', 'authentication', 'other')
  and activity in ('update', 'delete', 'disable', 'other', 'revoke')
  and regexp_matches(
    concat_ws(' ', action, target_type, target_name, details::varchar),
    '(?i)(^|[^a-z])(sso|saml|oidc|scim|mfa|2fa|two_?factor|second_factor|passkey|step_up)'
  )
  and (
    activity in ('delete', 'disable')
    or regexp_matches(details::varchar, '(?i)"(enabled|new_?value|required|enforced)" *: *(false|"(false|off|disabled|optional|none)")')
  )
  and not regexp_matches(action, '(?i)fail|login|logout')
