import { test } from 'vitest';
import { Workspace } from '/work/wt/cursor/test/vendors/cursor/workspace.ts';
test('try', async () => {
  const w = await Workspace.make();
  const r = await w.sync();
  console.log(r.streams.map((s) => `${s.stream} ${s.outcome} req=${s.requests} new=${s.new_records} ${s.error?.message ?? ''}`).join('\n'), r.quirks);
  for (const q of [
   'select action, actor_type, actor_id, actor_email, actor_name, target_type, target_id, target_name, ip_address, organization_id from audit_events order by hash(event_id) limit 25',
   'select user_id, name, email, role, status from users limit 3',
   'select * from admins', "select holder_id, role, scope_type, scope_id, scope_name from access_grants order by 1 limit 5",
   'select entity_type, count(*) from entity_history group by 1', 'select kind, what from anomalies limit 5',
   "select distinct action, details from audit_events where action in ('team_hook','team_rule')  limit 3",
  ]) console.log(q + '\n' + (await w.rows(q)).map((x) => JSON.stringify(x)).join('\n'));
  const s = await w.sync();
  console.log(s.streams.map((x) => `${x.stream} req=${x.requests} new=${x.new_records} ch=${x.changed_records} abs=${x.absent_records}`).join('\n'));
});
