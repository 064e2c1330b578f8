/** Imports point one way. This is the order that docs/development.md describes. */
import { expect, test } from 'vitest';
import { cyclesOf, importsOfSource } from './source-tree.ts';

const BASE = ['errors.ts', 'model.ts'];

/** What the files of a folder may import beside their own and `BASE`. `*` stands for each vendor or sink. */
const ALLOWED: Record<string, string> = {
  'model.ts': '',
  'errors.ts': '',
  platform: '',
  settings: 'platform',
  http: 'platform',
  // A declaration has its sandbox.
  extract: 'http sandbox settings platform',
  sandbox: 'platform',
  'vendors/*': 'extract http sandbox settings platform',
  'vendors/index.ts': 'vendors/* extract',
  sinks: 'http settings platform',
  'sinks/*': 'sinks http settings platform',
  'sinks/index.ts': 'sinks/* sinks',
  state: 'platform',
  transform: 'platform',
  // The port says what a delivered row is; what sinks do with it is not known here.
  load: 'sinks platform',
  evidence: 'load state platform',
  documents: '',
  questions: 'load settings platform',
  report: 'documents load state platform',
  schedule: 'documents settings platform',
  // The registry of tables says which can be delivered.
  config: 'vendors/index.ts sinks/index.ts extract sinks load schedule settings platform',
  // What the docs repeat from declarations.
  reference:
    'config documents questions transform load schedule extract sinks transform settings platform',
  runs: 'report config questions vendors/index.ts sinks/index.ts extract state transform load evidence sinks documents sandbox http settings platform',
  commands:
    'runs report questions schedule config vendors/index.ts sinks/index.ts extract state transform load evidence sinks documents sandbox settings platform',
  'cli.ts': 'commands runs config documents settings platform',
  'bin.ts': 'cli.ts platform',
  'start.ts': 'cli.ts runs config platform',
  'index.ts': 'cli.ts runs config extract sinks load documents platform',
  'healthcheck.ts': 'config',
};

/** The unit that imports are judged by: a folder of `src/`, one vendor, one sink, or a file at the top. */
function unitOf(file: string): string {
  const [first = '', second = '', ...deeper] = file.split('/');
  if (first !== 'vendors' && first !== 'sinks') return first;
  if (deeper.length > 0) return `${first}/${second}`;
  return second === 'index.ts' ? file : first;
}

function ruleOf(unit: string): string[] {
  const rule = ALLOWED[unit] ?? ALLOWED[unit.replace(/\/[^/.]+$/, '/*')];
  if (rule === undefined) throw new Error(`${unit} has no place in the order of imports`);
  return [...rule.split(' '), ...BASE];
}

function isAllowed(from: string, to: string): boolean {
  const generic = to.replace(/^(vendors|sinks)\/[^/.]+$/, '$1/*');
  return from === to || ruleOf(from).some((unit) => unit === to || unit === generic);
}

test('imports point one way', () => {
  const wrong = [...importsOfSource()].flatMap(([file, imported]) =>
    imported.filter((to) => !isAllowed(unitOf(file), unitOf(to))).map((to) => `${file} → ${to}`),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others', () => {
  expect(cyclesOf(importsOfSource())).toEqual([]);
});

test('no folder imports itself by way of others', () => {
  const units = new Map<string, Set<string>>();
  for (const [file, imported] of importsOfSource()) {
    const from = unitOf(file);
    const found = units.get(from) ?? new Set();
    for (const to of imported.map(unitOf)) if (to !== from) found.add(to);
    units.set(from, found);
  }
  expect(cyclesOf(units)).toEqual([]);
});

test('cycles are found', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['b']],
    ['d', ['d']],
    ['e', ['a']],
  ]);
  expect(cyclesOf(graph)).toEqual([['b', 'c'], ['d']]);
});
