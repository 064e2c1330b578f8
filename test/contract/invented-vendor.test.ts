/** A vendor that lives in one folder of the tests works in the whole product once it is registered. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { configJsonSchema } from '../../src/config/file-schema.ts';
import { REGISTRY, type Registry } from '../../src/config/registry.ts';
import { generatedPages } from '../../src/reference/pages.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { VENDORS } from '../../src/vendors/index.ts';
import { type Home, homeFor } from '../harness.ts';
import { answerOf } from '../warehouse-file.ts';
import { adapterFolders, filesBelow, importersOf, namesIn, textOf } from '../source-tree.ts';
import { QuillVendor } from '../vendors/quill/sandbox/vendor.ts';
import { quill } from '../vendors/quill/vendor.ts';

const NOW = Date.UTC(2026, 5, 15, 12);

/** All that it takes. */
const WITH_QUILL: Registry = { ...REGISTRY, vendors: [...VENDORS, quill] };

type Rows = Record<string, unknown>[];

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
}

class Workspace {
  readonly home: Home;
  readonly vendor: QuillVendor;
  now = NOW;

  private constructor(home: Home, vendor: QuillVendor) {
    this.home = home;
    this.vendor = vendor;
  }

  /** A home whose only source is set up by variables. */
  static async make(): Promise<Workspace> {
    const vendor = new QuillVendor({ events: 50, days: 2, now: () => NOW });
    const sandbox = await startSandbox({ vendors: { quill: vendor } });
    onTestFinished(() => sandbox.close());
    const home = await homeFor(null, [], { lake: true });
    Object.assign(home.env, {
      QUILL_ADMIN_KEY: vendor.token,
      QUILL_BASE_URL: sandbox.vendors.quill.url,
      QUILL_WORKSPACE: vendor.workspace,
      AUDITLAKE_START: '2026-06-10',
    });
    return new Workspace(home, vendor);
  }

  async run(args: readonly string[], code = 0): Promise<string> {
    const how = { registry: WITH_QUILL, now: () => this.now };
    const ran = await this.home.run(args, {}, how);
    expect({ args, code: ran.code, stderr: ran.code === code ? '' : ran.stderr }).toEqual({
      args,
      code,
      stderr: '',
    });
    return ran.stdout;
  }

  async json<T>(args: readonly string[], code = 0): Promise<T> {
    return JSON.parse(await this.run([...args, '--json'], code)) as T;
  }

  async query(sql: string): Promise<Rows> {
    return await answerOf(this.home.folder, sql);
  }
}

type Report = {
  outcome: string;
  streams: {
    stream: string;
    outcome: string;
    new_records: number;
    absent_records: number;
    parts?: { unavailable: number; gone: number; reasons: { code: string; first: string }[] };
    error?: { code: string };
  }[];
};

describe('in the whole product', () => {
  test('sync, names, admins, grants, costs, lake, a sink, check, verify', async () => {
    const workspace = await Workspace.make();
    const { home, vendor } = workspace;
    vendor.log('e-guard', NOW - 3_600_000, 'guard.tripped', { rule: 'no-secrets' });
    vendor.log('e-role', NOW - 7_200_000, 'role.given', { role: 'owner' });
    await home.configure({
      sinks: { stream: { type: 'ndjson', path: 'events.ndjson', format: 'ocsf' } },
    });

    const checked = await workspace.json<{
      findings: { subject: string; ok: boolean; detail: string }[];
      endpoints: { stream: string; available: boolean; needs: string | null }[];
    }>(['check']);
    expect(checked.findings).toContainEqual(
      expect.objectContaining({
        subject: 'quill',
        ok: true,
        detail: expect.stringContaining('w-1'),
      }),
    );
    expect(checked.endpoints.map(({ stream }) => stream)).toEqual(
      quill.streams.map(({ name }) => name),
    );
    expect(checked.endpoints.filter(({ available }) => !available)).toEqual([]);

    const report = await workspace.json<Report>(['sync']);
    expect(report.outcome).toBe('complete');
    expect(report.streams.map(({ stream, new_records }) => [stream, new_records])).toEqual([
      ['audit-logs', 52],
      ['account', 1],
      ['members', 5],
      ['teams', 3],
      ['team-members', 5],
      ['policies', 3],
      ['costs-user', 30],
    ]);

    // Names, and what actions are.
    expect(
      await workspace.query(
        `select actor_name, actor_email, target_name, category, activity from audit_events where action = 'role.given'`,
      ),
    ).toEqual([
      {
        actor_name: 'Member 0',
        actor_email: 'member.0@acme.test',
        target_name: 'Member 1',
        category: 'access',
        activity: 'grant',
      },
    ]);
    expect(
      await workspace.query('select user_id, name, status from users order by 1'),
    ).toHaveLength(5);
    expect(await workspace.query('select user_id, name, email from admins')).toEqual([
      { user_id: 'm-0', name: 'Member 0', email: 'member.0@acme.test' },
    ]);
    const grants = await workspace.query(
      `select holder_id, role, scope_type, scope_name from access_grants where holder_id = 'm-1' order by role`,
    );
    expect(grants).toEqual([
      { holder_id: 'm-1', role: 'member', scope_type: 'team', scope_name: 'Team green' },
      { holder_id: 'm-1', role: 'writer', scope_type: 'organization', scope_name: 'Acme' },
    ]);
    expect(
      await workspace.query(
        `select email, product, cost, unit from person_costs where user_id = 'm-2' and day = '2026-06-14' order by product`,
      ),
    ).toEqual([
      { email: 'member.2@acme.test', product: 'review', cost: 1, unit: 'USD' },
      { email: 'member.2@acme.test', product: null, cost: 2, unit: 'USD' },
    ]);
    expect(
      await workspace.query(
        `select actor_name, details ->> 'rule' as rule from guardrail_violations`,
      ),
    ).toEqual([{ actor_name: 'Member 0', rule: 'no-secrets' }]);
    // Who never cost anything; who left has no seat.
    expect(await workspace.query('select user_id from unused_accounts')).toEqual([
      { user_id: 'm-0' },
    ]);

    // The lake, a receiver, and that all of it agrees.
    const manifest = JSON.parse(
      await readFile(join(home.folder, 'lake/manifest.json'), 'utf8'),
    ) as {
      files: { table: string; source: string; rows: number }[];
    };
    const inLake = manifest.files.filter(
      ({ table, source }) => table === 'audit_events' && source === 'quill',
    );
    expect(inLake.reduce((sum, { rows }) => sum + rows, 0)).toBe(52);
    const delivered = (await readFile(join(home.folder, '..', 'events.ndjson'), 'utf8')).trim();
    const products = delivered
      .split('\n')
      .map((line) => (JSON.parse(line) as { metadata: { product: object } }).metadata.product);
    expect(products).toHaveLength(52);
    expect(products[0]).toMatchObject({ name: 'Quill Code', vendor_name: 'Quill Works' });
    await workspace.run(['verify']);

    const again = await workspace.json<Report>(['sync']);
    expect(again.streams.every(({ new_records }) => new_records === 0)).toBe(true);
  });

  test('a part that fails is counted and shown; the exit code follows `required`', async () => {
    const workspace = await Workspace.make();
    const { home, vendor } = workspace;
    await workspace.json<Report>(['sync', 'quill/policies']);
    vendor.policies.delete('green');
    const report = await workspace.json<Report>(['sync', 'quill/policies']);
    expect(report.streams).toMatchObject([
      {
        outcome: 'complete',
        absent_records: 0,
        parts: { unavailable: 1, gone: 0, reasons: [{ code: 'request-rejected', first: 'green' }] },
      },
    ]);
    const kept = `select attributes ->> 'team_id' as team from entity_history where entity_type = 'policy' and valid_to is null order by 1`;
    expect(await workspace.query(kept)).toEqual(['blue', 'green', 'red'].map((team) => ({ team })));
    expect(await workspace.run(['status'])).toContain('no policies set up');

    await home.configure({
      sources: { quill: { type: 'quill', token: '${QUILL_ADMIN_KEY}', required: ['policies'] } },
    });
    const failed = await workspace.json<Report>(['sync', 'quill/policies'], 4);
    expect(failed.streams).toMatchObject([
      { outcome: 'failed', error: { code: 'parts-unavailable' }, parts: { unavailable: 1 } },
    ]);
  });

  test('what a rule hides is nowhere in the home, and a change of it is seen', async () => {
    const workspace = await Workspace.make();
    const { home, vendor } = workspace;
    const write = (text: string): void =>
      vendor.log('e-note', NOW - 3_600_000, 'note.changed', { name: 'rules', text });
    write('Ask Zebulon before deploying');
    await workspace.json<Report>(['sync', 'quill/audit-logs']);
    const event = vendor.events.pop();
    write('Ask nobody, just deploy');
    const again = await workspace.json<Report & { streams: { changed_records: number }[] }>([
      'sync',
      'quill/audit-logs',
    ]);
    expect(event?.id).toBe('e-note');
    expect(again.streams).toMatchObject([{ new_records: 0, changed_records: 1 }]);
    const shown = await workspace.query(
      `select details ->> 'name' as name, details ->> 'text' as text, revision from audit_events where action = 'note.changed'`,
    );
    expect(shown).toEqual([
      { name: 'rules', text: expect.stringMatching(/^redacted:23:[0-9a-f]{32}$/), revision: 2 },
    ]);
    await workspace.run(['verify']);
    const proof = join(home.folder, 'note.proof.json');
    await workspace.run(['verify', '--event', 'quill:e-note', '--proof', proof]);
    const proven = await workspace.json<{ page: object; record: string }>(
      ['verify', '--proof', proof],
      3,
    );
    expect(proven).toMatchObject({ page: { redaction: 'quill-notes-1' } });
    expect(proven.record).toContain('redacted:23:');

    const files = filesUnder(home.env['AUDITLAKE_HOME'] ?? '');
    const archived = files.filter((file) => file.endsWith('.ndjson.gz'));
    const batches = archived.map((file) => gunzipSync(readFileSync(file)).toString());
    expect(batches).toHaveLength(2);
    for (const batch of batches) {
      expect(batch).toContain('"redaction":"quill-notes-1"');
      expect(batch).not.toMatch(/Zebulon|deploy/);
    }
    for (const file of files) expect(readFileSync(file).includes('Zebulon')).toBe(false);
    const key = files.find((file) => file.endsWith('redaction.key')) ?? '';
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(batches.join('')).not.toContain(readFileSync(key, 'utf8').trim());
  });

  test('its users may go by pseudonyms: no id is kept, and nobody is called unused', async () => {
    const workspace = await Workspace.make();
    const { home } = workspace;
    await home.configure({
      lake: false,
      sources: {
        quill: {
          type: 'quill',
          token: '${QUILL_ADMIN_KEY}',
          pseudonymKey: 'a-key-of-thirty-two-characters-1',
        },
      },
    });
    await workspace.json<Report>(['sync', 'quill/members', 'quill/costs-user']);
    const ids = await workspace.query('select distinct scope_id from usage_metrics');
    expect(ids).toHaveLength(5);
    expect(ids.every(({ scope_id }) => String(scope_id).startsWith('anon-'))).toBe(true);
    expect(await workspace.query('select * from unused_accounts')).toEqual([]);
  });
});

describe('a vendor is one folder and one registration', () => {
  test('the schema, the docs and the sandbox have it from its declaration', () => {
    expect(JSON.stringify(configJsonSchema(REGISTRY))).not.toContain('quill');
    expect(JSON.stringify(configJsonSchema(WITH_QUILL))).toContain('Name of the workspace.');
    const page = '<!-- begin streams quill -->\n<!-- end -->\n';
    const [[, text] = ['', '']] = generatedPages(new Map([['docs/quill.md', page]]), WITH_QUILL);
    expect(text).toMatch(/`costs-user`.*`\/v1\/costs\/query`.*what each person costs per day/);
  });

  test('`sandbox` serves it and names its variables', async () => {
    const home = await homeFor(null);
    const how = { registry: WITH_QUILL, signal: AbortSignal.abort() };
    const { stdout } = await home.run(['sandbox', '--json'], {}, how);
    const { variables } = JSON.parse(stdout) as { variables: Record<string, string> };
    expect(variables).toMatchObject({
      QUILL_ADMIN_KEY: expect.stringMatching(/^quill-/),
      QUILL_BASE_URL: expect.stringMatching(/^http:.*\/quill$/),
    });
  });

  const folders = adapterFolders('vendors');

  test('the folders are those of the registry', () => {
    expect(folders.toSorted()).toEqual(VENDORS.map(({ type }) => type).toSorted());
  });

  test.each(folders)('nothing but the index imports from %s', (folder) => {
    expect(importersOf('vendors', folder)).toEqual(['src/vendors/index.ts']);
  });

  test.each(VENDORS)('nothing in src but its folder knows $type', ({ type, host }) => {
    // A type may be a word of its own, such as `cursor`: then it is known where it is quoted. Double quotes are SQL's, of columns.
    const quoted = `['\`/]${type}['\`/]`;
    const name = new RegExp(`${quoted}|${new URL(host).hostname.replaceAll('.', '\\.')}`, 'i');
    const files = filesBelow('src').filter((file) => /\.(ts|sql|csv)$/.test(file));
    expect(
      files.filter((file) => name.test(textOf(file)) && !file.startsWith('src/vendors/')),
    ).toEqual([]);
  });

  test('no file of src, docs, bench or scripts knows the invented one', () => {
    const files = filesBelow('src', 'jobs', 'docs', 'bench', 'scripts');
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => /quill/i.test(textOf(file)))).toEqual([]);
  });

  test('each folder has the same files', () => {
    const common = [
      'actions.csv',
      'audit-logs.ts',
      'client.ts',
      'directory.ts',
      'measures.csv',
      'options.ts',
      'sandbox',
      'session.ts',
      'vendor.ts',
    ];
    for (const folder of ['test/vendors/quill', ...folders.map((name) => `src/vendors/${name}`)]) {
      expect(namesIn(folder)).toEqual(expect.arrayContaining(common));
    }
  });
});
