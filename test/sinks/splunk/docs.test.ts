import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DELIVERABLES, deliverableTable } from '../../../src/load/tables.ts';
import { eventMaker } from '../../../src/sinks/splunk/encode.ts';
import { VENDORS } from '../../../src/vendors/index.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

type Stanzas = Record<string, [name: string, value: string][]>;

function stanzasOf(file: string): Stanzas {
  const stanzas: Stanzas = {};
  let stanza: [string, string][] = [];
  for (const line of readFileSync(new URL(`splunk/${file}`, DOCS), 'utf8').split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    const setting = /^([\w-]+) = (.+)$/.exec(line);
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
  const sourcetypes = ['audit_events', 'usage_metrics', 'entity_history', 'work_sessions'].map(
    (table) =>
      (JSON.parse(eventMaker(deliverableTable(table), labels)(row).text) as { sourcetype: string })
        .sourcetype,
  );
  expect(sourcetypes).toHaveLength(DELIVERABLES.length);
  expect(Object.keys(stanzasOf('props.conf'))).toEqual(sourcetypes);
});

test('fields are made of columns that there are', () => {
  const settings = stanzasOf('props.conf')['auditlake:event'] ?? [];
  const columns = columnsOf('audit_events');
  expect(columns).toContain('actor_email');
  const used = settings.flatMap(([name, value]) => {
    if (name.startsWith('FIELDALIAS-')) return value.split(' AS ').slice(0, 1);
    if (!name.startsWith('EVAL-')) return [];
    const bare = value.replace(/"[^"]*"|'[^']*'/g, '');
    return [...bare.matchAll(/\b[a-z]\w+\b(?!\()/g)].map(([word]) => word);
  });
  expect(used.length).toBeGreaterThan(20);
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
      ['search', expect.stringContaining('sourcetype="auditlake:event" ')],
    ]);
  }
});

test('categories and activities are those of the vocabulary', () => {
  const vocabulary = VENDORS.flatMap(({ folder }) =>
    readFileSync(new URL('actions.csv', folder), 'utf8').split(/[,\n]/),
  );
  const text = ['props.conf', 'eventtypes.conf']
    .map((file) => readFileSync(new URL(`splunk/${file}`, DOCS), 'utf8'))
    .join('\n');
  const words = [...text.matchAll(/\b(?:category|activity)(?:="(\w+)"| IN \(([^)]+)\))/g)].flatMap(
    ([, one, several]) => (one === undefined ? ((several ?? '').match(/\w+/g) ?? []) : [one]),
  );
  expect(words.length).toBeGreaterThan(20);
  expect(words.filter((word) => !vocabulary.includes(word))).toEqual([]);
});
