import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newestBatchFiles } from '../../src/state/batch-files.ts';
import { layout, type Layout } from '../../src/state/layout.ts';

let home: Layout;

beforeAll(async () => {
  home = layout(await mkdtemp(join(tmpdir(), 'auditlake-test-')));
  for (const file of [
    'acme/logs/2024/12/31/1',
    'acme/logs/2025/01/02/2',
    'acme/logs/2025/01/02/3',
    'acme/logs/2025/02/01/4',
    'acme/logs/strange/9/9/5',
    'acme/users/2024/03/01/6',
    'acme/users/2024/03/09/7',
    'ledger/2025/01/01/8',
  ]) {
    const path = join(home.archive, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
  }
});

afterAll(() => rm(home.home, { recursive: true }));

test.each([
  ['', '1 2 3 4 6 7'],
  ['2024/03/05', '1 2 3 4 7'],
  ['2025/01/02', '2 3 4 7'],
  // One day too many of that month does no harm.
  ['2025/01/03', '2 3 4 7'],
  ['2025/01/31', '2 3 4 7'],
  ['2025/02/02', '4 7'],
  // The newest of each stream, should the clock have been set back.
  ['2030/01/01', '4 7'],
])('from %j on', async (day, expected) => {
  const found = [];
  for await (const { path } of newestBatchFiles(home, day)) {
    found.push(relative(dirname(path), path));
  }
  expect(found.toSorted().join(' ')).toBe(expected);
});

test('a home without an archive has none', async () => {
  const empty = layout(join(home.home, 'nothing'));
  expect(await newestBatchFiles(empty, '').next()).toMatchObject({ done: true });
});
