import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { DELIVERABLES, deliverableTable } from '../../../src/load/tables.ts';
import { eventMaker } from '../../../src/sinks/splunk/encode.ts';
import { VENDORS } from '../../../src/vendors/index.ts';

const DOCS = new URL('../../../docs/', import.meta.url);
const APP = new URL('splunk/auditlake/default/', DOCS);

type Stanzas = Record<string, [name: string, value: string][]>;

function stanzasOf(file: string): Stanzas {
  const stanzas: Stanzas = {};
  let stanza: [string, string][] = [];
  for (const line of readFileSync(new URL(file, APP), 'utf8').replaceAll('\\\n', '').split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    const setting = /^([\w.-]+) = (.+)$/.exec(line);
    if (heading !== undefined) stanza = stanzas[heading] = [];
    else if (setting !== null) stanza.push([setting[1] ?? '', setting[2] ?? '']);
    else expect(line, file).toMatch(/^(#.*)?$/);
  }
  return stanzas;
}

/** The names in the first column of a table's section of docs/tables.md. */
function columnsOf(table: string): string[] {
  const section = readFileSync(new URL('tables.md', DOCS), 'utf8').split(`\n## ${table}\n`)[1];
  const lines = (section?.split('\n## ')[0] ?? '').matchAll(/^\| (`.+?) \|/gm);
  return [...lines].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, it = '']) => it),
  );
}

test('there are settings for the sourcetype of every table', () => {
  const labels = { sourcetype: 'auditlake:event' };
  const row = { position: { seq: 1, n: 0 }, uid: '', revision: 1, time: null, json: '{}' };
  const sourcetypes = [
    'audit_events',
    'usage_metrics',
    'entity_history',
    'work_sessions',
    'findings',
  ].map(
    (table) =>
      (JSON.parse(eventMaker(deliverableTable(table), labels)(row).text) as { sourcetype: string })
        .sourcetype,
  );
  expect(sourcetypes).toHaveLength(DELIVERABLES.length);
  expect(Object.keys(stanzasOf('props.conf'))).toEqual(sourcetypes);
});

test.each([
  ['auditlake:event', 'audit_events'],
  ['auditlake:findings', 'findings'],
])('fields of %s are made of columns that there are', (sourcetype, table) => {
  const settings = stanzasOf('props.conf')[sourcetype] ?? [];
  const columns = columnsOf(table);
  expect(columns).toContain('source');
  const used = settings.flatMap(([name, value]) => {
    if (name.startsWith('FIELDALIAS-')) return value.split(' AS ').slice(0, 1);
    if (!name.startsWith('EVAL-')) return [];
    const bare = value.replace(/"[^"]*"|'[^']*'/g, '');
    return [...bare.matchAll(/\b[a-z]\w+\b(?!\()/g)].map(([word]) => word);
  });
  expect(used.length).toBeGreaterThan(8);
  expect(used.filter((name) => !columns.includes(name))).toEqual([]);
});

test('every tag is of an event type, and every event type of a sourcetype with settings', () => {
  const types = stanzasOf('eventtypes.conf');
  expect(Object.keys(stanzasOf('tags.conf')).toSorted()).toEqual(
    Object.keys(types)
      .map((name) => `eventtype=${name}`)
      .toSorted(),
  );
  for (const settings of Object.values(types)) {
    expect(settings).toEqual([
      [
        'search',
        expect.stringMatching(/^`auditlake_index` sourcetype="auditlake:(event|findings)"/),
      ],
    ]);
  }
});

test('categories and activities are those of the vocabulary', () => {
  const vocabulary = VENDORS.flatMap(({ folder }) =>
    readFileSync(new URL('actions.csv', folder), 'utf8').split(/[,\n]/),
  );
  const text = ['props.conf', 'eventtypes.conf', 'savedsearches.conf']
    .map((file) => readFileSync(new URL(file, APP), 'utf8'))
    .join('\n');
  const words = [...text.matchAll(/\b(?:category|activity)(?:="(\w+)"| IN \(([^)]+)\))/g)].flatMap(
    ([, one, several]) => (one === undefined ? ((several ?? '').match(/\w+/g) ?? []) : [one]),
  );
  expect(words.length).toBeGreaterThan(20);
  expect(words.filter((word) => !vocabulary.includes(word))).toEqual([]);
});

const searches = (): [name: string, settings: Record<string, string>][] =>
  Object.entries(stanzasOf('savedsearches.conf')).map(([name, settings]) => [
    name,
    Object.fromEntries(settings),
  ]);

test('every question of the run-book about an incident has a saved search', () => {
  const runbook = readFileSync(new URL('runbook.md', DOCS), 'utf8');
  const questions = [
    ...(runbook.split('\n## Incident')[1] ?? '').matchAll(/^\*\*([^*]+)\*\*/gm),
  ].map(([, text = '']) => text.replace(/:.*/, ''));
  expect(questions.length).toBeGreaterThanOrEqual(5);
  const names = searches().map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(questions.map((text) => `auditlake - ${text}`)));
});

test('a saved search begins with a macro of the app, and uses fields that there are', () => {
  const macros = Object.keys(stanzasOf('macros.conf')).map((name) => name.replace(/\(.*/, ''));
  const fromProps = Object.values(stanzasOf('props.conf'))
    .flat()
    .map(([name, value]) => value.split(' AS ')[1] ?? name.replace('EVAL-', ''));
  const columns = ['audit_events', 'entity_history', 'findings'].flatMap(columnsOf);
  for (const [name, { search = '' }] of searches()) {
    const used = [...search.matchAll(/`(\w+)/g)].map(([, macro = '']) => macro);
    expect(macros).toContain(used[0]);
    expect(used.filter((macro) => !macros.includes(macro))).toEqual([]);
    const made = [...search.matchAll(/(\w+)=(?!["\\$])|AS (\w+)/g)].map(([, set, as]) => set ?? as);
    const lists = search.matchAll(/(?:\| (?:table|dedup|fields)|BY) ([\w. ]+)/g);
    const listed = [...lists].flatMap(([, list = '']) => list.trim().split(/ +/));
    expect(listed.length).toBeGreaterThan(0);
    const known = new Set([...columns, ...fromProps, ...made, '_time']);
    const unknown = listed.filter((field) => !known.has(field) && !field.startsWith('details.'));
    expect({ name, unknown }).toEqual({ name, unknown: [] });
  }
});

test('app.conf has one id, the name of its folder', () => {
  const { package: about = [], id = [], launcher = [] } = stanzasOf('app.conf');
  expect(Object.fromEntries(about)['id']).toBe('auditlake');
  const { name, version } = Object.fromEntries(id);
  expect({ name, version }).toEqual({
    name: 'auditlake',
    version: Object.fromEntries(launcher)['version'],
  });
});

const INSPECT = process.env['SPLUNK_APPINSPECT'] ?? 'splunk-appinspect';
const hasInspect = spawnSync(INSPECT, ['list', 'version']).status === 0;

test.skipIf(!hasInspect)(
  'AppInspect passes the app without a warning (needs splunk-appinspect)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'auditlake-app-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [app, report] = [join(folder, 'auditlake.tgz'), join(folder, 'report.json')];
    const docs = fileURLToPath(new URL('splunk', DOCS));
    execFileSync('tar', ['-czf', app, '-C', docs, 'auditlake']);
    execFileSync(INSPECT, ['inspect', app, '--data-format', 'json', '--output-file', report]);
    const { summary } = JSON.parse(readFileSync(report, 'utf8')) as { summary: object };
    expect(summary).toMatchObject({ error: 0, failure: 0, future_failure: 0, warning: 0 });
  },
  60_000,
);
