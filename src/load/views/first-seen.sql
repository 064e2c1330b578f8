-- Who came from which address with which program, and when for the first time. Addresses of the vendor's own machines are among them.
create view main.first_seen as
with seen as (
  select
    source, vendor, actor_type, actor_id,
    arg_max(actor_name, occurred_at) as actor_name,
    arg_max(actor_email, occurred_at) as actor_email,
    ip_address, user_agent,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at,
    count(*) as events,
    arg_min(event_uid, (occurred_at, event_uid)) as first_event_uid
  from main.audit_events
  where ip_address is not null and coalesce(actor_id, actor_email, actor_name) is not null
  group by source, vendor, actor_type, actor_id, if(actor_id is null, coalesce(actor_email, actor_name), null), ip_address, user_agent
)
select
  source, vendor, actor_type, actor_id, actor_name, actor_email, ip_address, user_agent, country, first_seen_at, last_seen_at,
  events, first_event_uid
from seen left join internal.address_countries using (ip_address);
