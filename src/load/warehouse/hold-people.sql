-- Whose every account is. Step by step, in tables for a moment: each view on views would be planned again with all below it.

-- Every account of a person as it is now, also one that is no longer listed: it is known by what was last said of it.
create temp table accounts as
with newest as (
  select
    source, entity_type as account_type, entity_id as user_id, any_value(vendor) as vendor,
    arg_max(present, (seq, n)) as present,
    arg_max(seen_at, (seq, n)) as seen_at,
    arg_max(
      {'name': name, 'email': email, 'status': attributes ->> 'status', 'identities': identities}, (seq, n)
    ) filter (present) as last
  from internal.entity_versions
  where entity_type in ('user', 'idp_user') or identities is not null
  group by source, entity_type, entity_id
)
select
  concat_ws('/', source, account_type, user_id) as account,
  source, vendor, account_type, user_id, last.name as name, nullif(lower(trim(last.email)), '') as email,
  -- Whom a vendor lists without a status is a member.
  if(present, coalesce(last.status, 'active'), 'removed') as status,
  seen_at as status_seen_at,
  last.identities as identities
from newest
where last is not null
-- Who is in the list of users belongs by it, whatever a group says.
qualify account_type <> 'idp_user' or not bool_or(account_type = 'user') over (partition by source, user_id);

-- What an account is known by. An address, and a name that an identity provider gives, mean the same at every vendor; a login
-- only at its own. Many identity providers give the address as the name.
create temp table account_identities as
with named as (
  select account, vendor, 'email:' || email as identity from accounts where email is not null
  union all
  select account, vendor, unnest(identities) as identity from accounts
),
split as (
  select
    account, vendor,
    lower(trim(split_part(identity, ':', 1))) as kind,
    lower(trim(substr(identity, strpos(identity, ':') + 1))) as text
  from named
)
select distinct
  account,
  case
    when kind not in ('email', 'saml', 'scim') then concat_ws(':', vendor, kind, text)
    when regexp_full_match(text, '[^@\s]+@[^@\s]+') then 'email:' || text
    else kind || ':' || text
  end as identity
from split
where text <> '';

-- What two accounts of one kind that are both active have in common, at one source, cannot say who is who, unless the user says whose
-- it is. SCIM lists a person once for each organization and enterprise: that is one person.
create temp table shared_identities as
select
  a.source, i.identity, a.account_type, list_sort(list(a.user_id)) as user_ids
from account_identities i
join accounts a using (account)
where a.status = 'active' and a.account_type <> 'scim_user'
  and i.identity not in (select identity from internal.stated_identities)
group by a.source, i.identity, a.account_type
having count(*) > 1;

-- Whose an account is by what the user says: by its name, else by what it is known by. Of two people it is nobody's.
create temp table stated_accounts as
with said as (
  select a.account, s.person_id, true as by_name
  from accounts a
  join internal.stated_identities s on s.identity = a.account
  union
  select i.account, s.person_id, false
  from account_identities i
  join internal.stated_identities s using (identity)
),
nearest as (
  select account, person_id from said qualify by_name = bool_or(by_name) over (partition by account)
)
select account, any_value(person_id) as person_id
from nearest
group by account
having count(distinct person_id) = 1;

create temp table account_ties as
select account, identity
from account_identities
where identity not in (select identity from shared_identities);

-- Whose an identity is: as the user says, else that of the accounts of which the user says whose they are.
create temp table known_identities as
select identity, person_id from internal.stated_identities
union
select t.identity, s.person_id
from account_ties t
join stated_accounts s using (account)
where t.identity not in (select identity from internal.stated_identities);

-- Accounts of which the user says nothing, put together by what they have in common. What is of two people ties nobody.
create temp table linked_accounts as
with recursive ties as materialized (
  select t.account, t.identity
  from account_ties t
  where t.account not in (select account from stated_accounts)
    and t.identity not in (select identity from known_identities group by identity having count(*) > 1)
),
-- The smallest account that each one is tied to, over however many others.
linked as (
  select distinct account, account as first_account from ties
  union
  select t.account, l.first_account
  from linked l
  join ties o on o.account = l.account
  join ties t on t.identity = o.identity and t.account > l.first_account
),
firsts as (
  select account, min(first_account) as first_account from linked group by account
)
select
  f.first_account,
  list_sort(list(distinct f.account)) as accounts,
  min(substr(t.identity, length('email:') + 1)) filter (starts_with(t.identity, 'email:')) as address,
  list_sort(list(distinct k.person_id) filter (k.person_id is not null)) as stated
from firsts f
join ties t using (account)
left join known_identities k using (identity)
group by f.first_account;

delete from main.person_accounts;
insert into main.person_accounts by name
with known as (
  select account, list(identity order by identity) as known_by from account_ties group by account
),
linked as (
  select
    unnest(accounts) as account,
    -- What may be of several people stays apart.
    case coalesce(len(stated), 0) when 0 then coalesce(address, first_account) when 1 then stated[1] else first_account end as person_id
  from linked_accounts
)
select
  coalesce(s.person_id, l.person_id, a.account) as person_id,
  a.source, a.vendor, a.account_type, a.user_id, a.name, a.email, a.status, a.status_seen_at,
  coalesce(k.known_by, []) as known_by
from accounts a
left join stated_accounts s using (account)
left join linked l using (account)
left join known k using (account);

delete from main.ambiguous_identities;
insert into main.ambiguous_identities by name
select *, 'two active accounts have it' as reason from shared_identities
union all
-- By what an account is known by, the user says that it is of several people.
select
  a.source, k.identity, a.account_type, list_sort(list(distinct a.user_id)) as user_ids,
  'your file says that it is of several people' as reason
from linked_accounts l, unnest(l.accounts) as tied(account)
join accounts a on a.account = tied.account
join account_ties t on t.account = a.account
join known_identities k using (identity)
where len(l.stated) > 1
group by a.source, k.identity, a.account_type;

drop table linked_accounts;
drop table known_identities;
drop table account_ties;
drop table stated_accounts;
drop table shared_identities;
drop table account_identities;
drop table accounts;
