import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileError } from '../../../src/sinks/ndjson/answers.ts';
import { openNdjson } from '../../../src/sinks/ndjson/sink.ts';
import type { RowSink } from '../../../src/sinks/port.ts';
import { eventRows, deliveryOf, toolsFor } from '../delivery.ts';
import { temporaryFolder, textSink } from './receiver.ts';

function sinkOn(path: string): RowSink {
  return openNdjson('stream', { path, format: 'auditlake' }, textSink().stream);
}

const linesOf = (count: number): string =>
  eventRows(count)
    .map(({ json }) => `${json}\n`)
    .join('');

describe('a file', () => {
  test('gets the lines as they are, is private, and its folder is made', async () => {
    const path = join(await temporaryFolder(), 'new', 'rows.ndjson');
    await sinkOn(path).deliver(await deliveryOf(eventRows(3)), toolsFor());
    expect(await readFile(path, 'utf8')).toBe(linesOf(3));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a line', '{"a":1}\n', '{"a":1}\n'],
    ['a line and half of one', '{"a":1}\n{"b":', '{"a":1}\n'],
    ['half of the first one', '{"a', ''],
    ['a torn line longer than a read', `{"a":1}\n{"b":"${'x'.repeat(200_000)}`, '{"a":1}\n'],
    ['a newline where a read begins', `{"a":1}\n{"b":"${'x'.repeat(65_536 - 6)}`, '{"a":1}\n'],
  ])('that ends with %s keeps whole lines only', async (_what, former, kept) => {
    const path = join(await temporaryFolder(), 'rows.ndjson');
    await writeFile(path, former);
    await sinkOn(path).deliver(await deliveryOf(eventRows(2)), toolsFor());
    expect(await readFile(path, 'utf8')).toBe(kept + linesOf(2));
  });

  test('that ends with something else is left alone', async () => {
    const path = join(await temporaryFolder(), 'notes.txt');
    await writeFile(path, 'first\nno newline');
    const delivery = await deliveryOf(eventRows(2));
    await expect(sinkOn(path).deliver(delivery, toolsFor())).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining(path),
    });
    expect(await readFile(path, 'utf8')).toBe('first\nno newline');
    expect(delivery.counted).toBe(0);
  });

  test.each([
    ['a folder', 'folder', /slash/],
    ['below a file', 'file/rows.ndjson', /a part of the path is a file/],
  ])('that is %s is told', async (_what, path, hint) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'file'), '');
    const sink = sinkOn(join(folder, path));
    await expect(sink.deliver(await deliveryOf(eventRows(1)), toolsFor())).rejects.toMatchObject({
      exit: 4,
      hint: expect.stringMatching(hint),
    });
  });

  test('that is a device takes no rows', async () => {
    const delivery = await deliveryOf(eventRows(1));
    await expect(sinkOn('/dev/null').deliver(delivery, toolsFor())).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('not a regular file'),
    });
  });

  test('is not made by a check', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'new', 'rows.ndjson');
    expect(await sinkOn(path).check(toolsFor())).toBe(`${path} can be created`);
    expect(await sinkOn(folder).check(toolsFor())).toContain('can be written');
    await expect(stat(join(folder, 'new'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test.each([
  ['ENOSPC', 3, /free space/],
  ['EDQUOT', 3, /quota/],
  ['EIO', 3, /disk/],
  ['EACCES', 4, /user/],
  ['EPERM', 4, /user/],
  ['EROFS', 4, /writable/],
  ['EISDIR', 4, /slash/],
  ['ENOTDIR', 4, /file/],
])('%s ends with exit %i', (code, exit, hint) => {
  const error = Object.assign(new Error(`${code}: the system's words`), { code });
  expect(fileError('stream', 'writing to /data/rows.ndjson', error)).toMatchObject({
    exit,
    hint: expect.stringMatching(hint),
    message: `sink stream: writing to /data/rows.ndjson failed: ${code}: the system's words`,
  });
});
