select
  w.*,
  s.n,
  sha256(json_array(w.source, w.session_id)::varchar) as row_uid,
  w.seq as revision
from work_sessions w join internal.sessions s on s.source = w.source and s.session_id = w.session_id
where w.seq > $after and w.seq <= $to
