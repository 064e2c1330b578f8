import { expect, test } from 'vitest';
import { type Disk, diskFinding } from '../../../src/runs/check/disk.ts';

const KB = 1024;
const MB = KB ** 2;
const GB = KB ** 3;
const EMPTY = { archive: 0, warehouse: 0, lake: 0, other: 0 };
const PARTS = { archive: 100 * MB, warehouse: 300 * MB, lake: 100 * MB, other: 10 };

const IT_TAKES = 'it takes 500 MiB (archive 100 MiB, warehouse 300 MiB, lake 100 MiB)';

test.each<[string, Omit<Disk, 'home'>, string, { ok: boolean; exit: number }]>([
  [
    'an empty home',
    { free: 40 * GB, parts: EMPTY, archivedPerDay: null },
    '/h is writable, 40.0 GiB free; nothing is in it yet',
    { ok: true, exit: 0 },
  ],
  [
    'the first night',
    { free: 40 * GB, parts: PARTS, archivedPerDay: null },
    `/h is writable, 40.0 GiB free; ${IT_TAKES}; how much a night adds is known after two nights`,
    { ok: true, exit: 0 },
  ],
  [
    'warehouse and lake grow with the archive',
    { free: 40 * GB, parts: PARTS, archivedPerDay: 4 * MB },
    `/h is writable, 40.0 GiB free; ${IT_TAKES}; a night adds about 20.0 MiB: enough for about 5 years`,
    { ok: true, exit: 0 },
  ],
  [
    'nothing was added',
    { free: 40 * GB, parts: PARTS, archivedPerDay: 0 },
    `/h is writable, 40.0 GiB free; ${IT_TAKES}; the last nights added nothing`,
    { ok: true, exit: 0 },
  ],
  [
    'more than anybody plans for',
    { free: 4000 * GB, parts: PARTS, archivedPerDay: MB },
    `/h is writable, 3.9 TiB free; ${IT_TAKES}; a night adds about 5.0 MiB: enough for more than ten years`,
    { ok: true, exit: 0 },
  ],
  [
    'a month is short',
    { free: 2 * GB, parts: PARTS, archivedPerDay: 20 * MB },
    `/h is writable, 2.0 GiB free; ${IT_TAKES}; a night adds about 100 MiB: short, enough for about 16 nights`,
    { ok: false, exit: 0 },
  ],
  [
    'less than a GiB is short, however little is added',
    { free: 900 * MB, parts: PARTS, archivedPerDay: KB },
    `/h is writable, 900 MiB free; ${IT_TAKES}; a night adds about 5.0 KiB: short, less than 1.0 GiB`,
    { ok: false, exit: 0 },
  ],
  [
    'and while it is not known what a night adds',
    { free: 900 * MB, parts: EMPTY, archivedPerDay: null },
    '/h is writable, 900 MiB free; nothing is in it yet: short, less than 1.0 GiB',
    { ok: false, exit: 0 },
  ],
  [
    'no room for another warehouse',
    { free: 250 * MB, parts: PARTS, archivedPerDay: 4 * MB },
    `/h is writable, 250 MiB free; ${IT_TAKES}; a night adds about 20.0 MiB: short, a rebuild takes up to 320 MiB`,
    { ok: false, exit: 0 },
  ],
  [
    'no room for a night: a person must act',
    { free: 18 * MB, parts: PARTS, archivedPerDay: 4 * MB },
    `/h is writable, 18.0 MiB free; ${IT_TAKES}; a night adds about 20.0 MiB: too little for the next run, which takes about 20.0 MiB`,
    { ok: false, exit: 4 },
  ],
  [
    'next to nothing',
    { free: 4096, parts: EMPTY, archivedPerDay: null },
    '/h is writable, 4.0 KiB free; nothing is in it yet: too little for the next run, which takes about 16.0 MiB',
    { ok: false, exit: 4 },
  ],
])('%s', (_, disk, detail, end) => {
  expect(diskFinding({ home: '/h', ...disk })).toMatchObject({ subject: 'home', detail, ...end });
});
