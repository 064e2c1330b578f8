create view main.work_sessions as
select
  source, session_id, organization_id, user_id, status, origin, created_at, updated_at, acus,
  service_user_id, title, status_detail, category, playbook_id, parent_session_id, is_archived,
  pull_requests, tags, raw, first_seen_at, seq
from internal.sessions;
