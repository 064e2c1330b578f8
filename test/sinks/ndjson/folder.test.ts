import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNdjson } from '../../../src/sinks/ndjson/sink.ts';
import type { RowSink } from '../../../src/sinks/port.ts';
import { eventRows, deliveryOf, toolsFor } from '../delivery.ts';
import { rowsIn, temporaryFolder, textSink } from './receiver.ts';

function sinkOn(folder: string): RowSink {
  return openNdjson('stream', { path: `${folder}/`, format: 'auditlake' }, textSink().stream);
}

test('each delivery is one private file, named by what it holds', async () => {
  const folder = join(await temporaryFolder(), 'new');
  const rows = eventRows(1_000, { perSeq: 100 });
  const first = await deliveryOf(rows.slice(0, 700));
  await sinkOn(folder).deliver(first, toolsFor());
  await sinkOn(folder).deliver(await deliveryOf(rows, first.reached), toolsFor());
  const names = ['audit_events-2-8.ndjson', 'audit_events-9-11.ndjson'];
  expect((await readdir(folder)).toSorted()).toEqual(names);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  expect(rowsIn(texts.join('')).map(({ uid }) => uid)).toEqual(rows.map(({ uid }) => uid));
  expect((await stat(join(folder, 'audit_events-2-8.ndjson'))).mode & 0o777).toBe(0o600);
});

test('a delivery that is repeated replaces its file', async () => {
  const folder = await temporaryFolder();
  const rows = eventRows(10);
  await sinkOn(folder).deliver(await deliveryOf(rows), toolsFor());
  await sinkOn(folder).deliver(await deliveryOf(rows), toolsFor());
  expect(await readdir(folder)).toEqual(['audit_events-2-2.ndjson']);
});

test('a delivery that ends early leaves nothing', async () => {
  const folder = await temporaryFolder();
  const stop = new AbortController();
  const delivery = await deliveryOf(eventRows(1_200));
  const rows = delivery.rows.bind(delivery);
  delivery.rows = async function* stopAfterOne(format) {
    for await (const portion of rows(format)) {
      yield portion;
      stop.abort();
    }
  };
  await expect(sinkOn(folder).deliver(delivery, toolsFor(stop.signal))).rejects.toMatchObject({
    code: 'stopped',
  });
  expect(await readdir(folder)).toEqual([]);
  expect(delivery.counted).toBe(0);
});

test('without a row no file is made', async () => {
  const folder = await temporaryFolder();
  await sinkOn(folder).deliver(await deliveryOf([]), toolsFor());
  expect(await readdir(folder)).toEqual([]);
});

test('a name that is taken by a folder is told', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'audit_events-2-2.ndjson'));
  const delivery = await deliveryOf(eventRows(3));
  await expect(sinkOn(folder).deliver(delivery, toolsFor())).rejects.toMatchObject({
    exit: 4,
    message: expect.stringContaining('audit_events-2-2.ndjson'),
  });
  expect(delivery.counted).toBe(0);
});
