/** A sink that lives in one folder of the tests works in the whole product once it is registered. */
import { describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/file-schema.ts';
import { REGISTRY, type Registry } from '../../src/config/registry.ts';
import { generatedPages } from '../../src/reference/pages.ts';
import { SINKS } from '../../src/sinks/index.ts';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import { adapterFolders, filesBelow, importersOf, namesIn, textOf } from '../source-tree.ts';
import { type IntakeServer, intakeReceiver, startIntake, uidOf } from '../sinks/intake/receiver.ts';
import { intake } from '../sinks/intake/sink.ts';
import { sinkContract } from './sink.ts';

/** All that it takes. */
const WITH_INTAKE: Registry = { ...REGISTRY, sinks: [...SINKS, intake] };

sinkContract(intake, { kind: 'rows', receivers: { 'an intake': intakeReceiver } });

type Sinks = { sinks: { sink: string; outcome: string; rows: number; set_aside: number }[] };

async function homeWithIntake(events: number, more: object = {}) {
  const sandbox = await sandboxFor({ events, days: 2 });
  const server = await startIntake();
  const home = await homeFor(sandbox);
  await home.configure({
    sinks: { acme: { type: 'acme-intake', url: server.url, key: server.key, ...more } },
  });
  return { home, server, ids: sandbox.tabnine.events.ids().map((id) => `tabnine:${id}`) };
}

async function run(home: Home, args: readonly string[], code = 0, signal?: AbortSignal) {
  const how = signal === undefined ? {} : { signal };
  const ran = await home.run([...args, '--json'], {}, { registry: WITH_INTAKE, ...how });
  expect({ code: ran.code, stderr: ran.code === code ? '' : ran.stderr }).toEqual({
    code,
    stderr: '',
  });
  return JSON.parse(ran.stdout) as Sinks & Record<string, unknown>;
}

const uidsAt = (server: IntakeServer): string[] => server.stored.map(({ key }) => uidOf(key));

describe('in the whole product', () => {
  test('it is configured, checked and delivered to; positions, replay and status know it', async () => {
    const { home, server, ids } = await homeWithIntake(250);
    const { findings } = await run(home, ['check']);
    expect(findings).toContainEqual(
      expect.objectContaining({
        subject: 'sink acme',
        ok: true,
        detail: expect.stringContaining('accepts the key'),
      }),
    );
    expect(server.stored).toEqual([]);

    expect(await run(home, ['sync', 'tabnine/audit-logs'])).toMatchObject({
      sinks: [{ sink: 'acme', outcome: 'complete', rows: 250, lag: 0, set_aside: 0 }],
    });
    expect(uidsAt(server).toSorted()).toEqual(ids.toSorted());
    expect(server.stored[0]).toMatchObject({
      table: 'audit_events',
      format: 'auditlake',
      row: { vendor: 'tabnine' },
    });

    expect(await run(home, ['deliver'])).toMatchObject({ sinks: [{ rows: 0 }] });
    expect(await run(home, ['deliver', 'acme', '--from-seq', '1'])).toMatchObject({
      sinks: [{ rows: 250 }],
    });
    expect(server.stored).toHaveLength(500);
    expect(await run(home, ['status'])).toMatchObject({
      sinks: [{ sink: 'acme', tables: [{ table: 'audit_events', lag: 0, lag_rows: 0 }] }],
    });
  });

  test('what it refuses is a dead letter; a stop goes on where it was; a key it does not take is for a person', async () => {
    const { home, server, ids } = await homeWithIntake(300, { rowsPerRequest: 50 });
    const [refused = ''] = ids.slice(120);
    server.refused.add(refused);
    const { key } = server;
    server.key = 'rotated-key-4444';
    expect(await run(home, ['sync', 'tabnine/audit-logs'], 4)).toMatchObject({
      sinks: [{ sink: 'acme', rows: 0, error: { code: 'intake-refused' } }],
    });

    server.key = key;
    const stop = new AbortController();
    server.onRequest = () => {
      if (server.stored.length >= 100) stop.abort();
    };
    const stopped = await run(home, ['deliver'], 3, stop.signal);
    const { rows = 0 } = stopped.sinks[0] ?? {};
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(299);
    server.onRequest = () => undefined;
    const rest = await run(home, ['deliver']);
    expect(rows + (rest.sinks[0]?.rows ?? 0)).toBe(299);
    expect(new Set(uidsAt(server))).toEqual(new Set(ids.filter((id) => id !== refused)));
    await run(home, ['sync', 'tabnine/audit-logs']);
    const letters = await home.query<{ uid: string }>(
      `select what ->> 'uid' as uid from anomalies where kind = 'refused'`,
    );
    expect(letters).toEqual([{ uid: refused }]);
  });

  test('OCSF events go to it too', async () => {
    const { home, server } = await homeWithIntake(20, { format: 'ocsf' });
    await run(home, ['sync', 'tabnine/audit-logs']);
    expect(server.stored).toHaveLength(20);
    expect(server.stored[0]).toMatchObject({ format: 'ocsf', row: { metadata: {} } });
  });
});

describe('a sink is one folder and one registration', () => {
  test('the schema and the docs have it from its declaration', () => {
    expect(JSON.stringify(configJsonSchema(REGISTRY))).not.toContain('acme-intake');
    expect(JSON.stringify(configJsonSchema(WITH_INTAKE))).toContain('acme-intake');
    const page = '<!-- begin sink acme-intake -->\n<!-- end -->\n';
    const [[, text] = ['', '']] = generatedPages(new Map([['docs/acme.md', page]]), WITH_INTAKE);
    expect(text).toContain('Rows of one request.');
  });

  /** Folders of sinks as they stand in paths; the invented one has its own in the tests. */
  const folders = adapterFolders('sinks');

  test('the folders are those of the registry', () => {
    expect(folders).toHaveLength(SINKS.length);
  });

  test.each(folders)('nothing but the index imports from %s', (folder) => {
    expect(importersOf('sinks', folder)).toEqual(['src/sinks/index.ts']);
  });

  test.each(SINKS.map(({ type }) => type))('no code but its own asks for %s', (type) => {
    const asking = new RegExp(`\\btype(: | === | !== )['"]${type}['"]`);
    const files = filesBelow('src', 'jobs', 'bench', 'scripts').filter((file) =>
      asking.test(textOf(file)),
    );
    expect(files.filter((file) => !/^src\/sinks\/\w+\/sink\.ts$/.test(file))).toEqual([]);
    expect(files).toHaveLength(1);
  });

  test('no file of src, docs, bench or scripts knows the invented one', () => {
    const files = filesBelow('src', 'jobs', 'docs', 'bench', 'scripts');
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => /acme-intake|\/intake\//.test(textOf(file)))).toEqual([]);
  });

  test('each folder has the same files', () => {
    const common = ['answers.ts', 'check.ts', 'encode.ts', 'options.ts', 'send.ts', 'sink.ts'];
    for (const folder of ['test/sinks/intake', ...folders.map((name) => `src/sinks/${name}`)]) {
      expect(namesIn(folder)).toEqual(expect.arrayContaining(common));
    }
  });
});
