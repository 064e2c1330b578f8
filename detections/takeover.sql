/*
title: An account looks taken over
answers: 'From which address that is new at least three of these came within a day: a sign-in, a role for somebody, a key, weaker rules, an export'
parameters:
  after: { type: integer, default: 0, says: 'the seq after which events are new' }
columns:
  at: when it happened
  source: the account at the vendor
  subject: who did it
  evidence: the events that show it
  ip_address: the address
  steps: what came from it
  sources: at which accounts
needs: [column:ip_address]
severity: critical
attack: [T1078.004, T1098]
sigma: Several stages of an account takeover from one address
falsePositives: A new administrator who sets everything up from a new office
respond: 'Close every session from the address and reset the accounts. Then go through what it did, one by one: `ask from-address`'
key: [ip_address]
*/
with new as (
  select distinct ip_address from audit_events where seq > $after and ip_address is not null
),
past as (
  select ip_address, min(occurred_at) as first_at from audit_events
  where ip_address in (select ip_address from new) group by all
),
steps as (
  select
    p.ip_address, p.first_at, e.source, e.occurred_at, e.event_uid,
    coalesce(actor_email, actor_name, actor_id) as who,
    case
      when category = 'authentication' and activity = 'login' then 'signed in'
      when category in ('access', 'group') and activity in ('grant', 'update') then 'gave access'
      when category = 'credential' and activity in ('create', 'update') then 'made a key'
      when category in ('policy', 'configuration', 'other') and (
        activity in ('disable', 'delete')
        or regexp_matches(details::varchar, '(?i)"(enabled|new_?value)" *: *(false|"(false|off|disabled)")')
      ) then 'weakened rules'
      when category = 'data_access' and regexp_matches(action, '(?i)export|clone') then 'took data'
    end as step
  from past p
  join audit_events e on e.ip_address = p.ip_address and occurred_at < p.first_at + interval 1 day
)
select
  max(occurred_at) as "at", if(count(distinct source) = 1, any_value(source), null) as source,
  array_to_string(list_sort(list(distinct who)), ', ') as subject, list(event_uid)[:100] as evidence, ip_address,
  list_sort(list(distinct step)) as steps, list_sort(list(distinct source)) as sources
from steps
where step is not null
  and first_at >= (select min(occurred_at) from audit_events where ip_address is not null) + interval 14 days
group by ip_address
having count(distinct step) >= 3
