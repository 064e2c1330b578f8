import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFrom } from '../warehouse-file.ts';
import { examples, fullHome, obtained, output } from './support.ts';

const DBT = obtained('AUDITLAKE_REAL_DBT');

test('dbt makes the model of the guide from the attached warehouse', async () => {
  const home = await fullHome();
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-dbt-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [profiles = '', sources = ''] = examples('other-clients.md', 'yml');
  const [model = ''] = examples('other-clients.md', 'jinja');
  await mkdir(join(folder, 'models'));
  const project = { name: 'analysis', version: '1.0', profile: 'analysis' };
  const files = {
    // JSON is YAML.
    'dbt_project.yml': JSON.stringify(project),
    'profiles.yml': profiles.replace('auditlake-data', home.folder),
    'models/sources.yml': sources,
    'models/events_per_day.sql': model,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  const env = { ...process.env, DO_NOT_TRACK: '1', DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
  await output(DBT, ['run', '--profiles-dir', '.'], { cwd: folder, env });
  const made = await readFrom(
    join(folder, 'analysis.duckdb'),
    'select sum(events)::int as events from events_per_day',
  );
  const [expected] = await home.query('select count(*)::int as events from audit_events');
  expect(made.getRowObjectsJson()).toEqual([expected]);
});
