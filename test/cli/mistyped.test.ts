/** A name that nothing has would read or remove nothing, and be called complete. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';

test('a misspelt stream or source is refused before anything is asked, with the nearest right one', async () => {
  const sandbox = await sandboxFor({ events: 5, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const sinks = { local: { type: 'ndjson', path: 'rows.ndjson' } };
  await writeFile(join(dirname(home.folder), 'auditlake.yaml'), JSON.stringify({ sinks }));
  const asked = sandbox.tabnine.requests.length;
  const [from, to] = ['2026-01-01', '2026-01-02'];
  const cases: [string[], string][] = [
    [['sync', 'tabnine/audit-log'], 'did you mean tabnine/audit-logs?'],
    [['sync', 'tabnin'], 'did you mean tabnine?'],
    [['sync', 'zzz'], 'configured: tabnine'],
    [['sync', '--preview', 'tabnine/audt-logs'], 'did you mean tabnine/audit-logs?'],
    [['backfill', '--from', from, '--to', to, 'tabnine/user'], 'did you mean tabnine/users?'],
    [
      ['prune', '--before', from, '--reason', 'x', 'tabnine/audit-log'],
      'did you mean tabnine/audit-logs?',
    ],
    [['status', '--coverage', 'tabnine/audit-log'], 'did you mean tabnine/audit-logs?'],
    [['deliver', 'locl'], 'did you mean local?'],
    [['verify', '--mirror', 'locl'], 'did you mean local?'],
  ];
  for (const [args, hint] of cases) {
    const { code, stderr } = await home.run(args);
    expect({ args, code, stderr }).toEqual({
      args,
      code: 2,
      stderr: expect.stringContaining(hint),
    });
  }
  expect(sandbox.tabnine.requests.length).toBe(asked);
  const [runs] = await home.query('select count(*)::integer as n from runs');
  expect(runs).toEqual({ n: 1 });
});
