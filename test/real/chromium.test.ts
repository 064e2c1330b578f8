/** The report in a real browser: from disk and live, by keyboard, narrow, dark and on paper, and what checks its evidence. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { homeFor, sandboxFor, type Home } from '../harness.ts';
import { hostileAdmins } from '../report/hostile-events.ts';
import { axeFaults, heardFrom, openBrowser, type Page } from './browser.ts';
import { obtained } from './support.ts';

const CHROMIUM = obtained('AUDITLAKE_REAL_CHROMIUM');
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 400, height: 800 };

/** A home whose log is full of what must not come through, with a report and evidence. */
async function hostileHome(): Promise<{ home: Home; pack: string }> {
  const sandbox = await sandboxFor({ events: 200, days: 6, users: 6, teams: 2 });
  for (const event of hostileAdmins(sandbox.now())) sandbox.tabnine.events.insert(event);
  const home = await homeFor(sandbox);
  await home.sync();
  expect((await home.run(['report', '--evidence', 'pack'])).code).toBe(0);
  return { home, pack: join(dirname(home.folder), 'pack') };
}

test('a browser opens the page without a complaint or a request, whatever its width and colours', async () => {
  const { home, pack } = await hostileHome();
  const browser = await openBrowser(CHROMIUM);
  const url = pathToFileURL(join(pack, 'report.html')).href;
  for (const [size, scheme] of [
    [WIDE, 'light'],
    [WIDE, 'dark'],
    [NARROW, 'light'],
    [NARROW, 'dark'],
  ] as const) {
    const page = await browser.newPage();
    const heard = heardFrom(page, url);
    await page.setViewport(size);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url);
    expect(heard).toEqual([]);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(size.width);
    await page.close();

    // axe is no script of the page's: only without the policy can it look.
    const looked = await browser.newPage();
    await looked.setBypassCSP(true);
    await looked.setViewport(size);
    await looked.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await looked.goto(url);
    expect(await axeFaults(CHROMIUM, looked)).toEqual([]);
    await looked.close();
  }
  const page = await browser.newPage();
  await page.goto(url);
  await sortsAndFilters(page);
  await printsAll(page);
  await servesTheSame(home, await browser.newPage());
  await checksThePack(pack, await browser.newPage());
});

const ROWS = "[...document.querySelectorAll('#changes tbody tr')]";

/** With keys alone. */
async function sortsAndFilters(page: Page): Promise<void> {
  const column = (): Promise<string[]> =>
    page.evaluate(`${ROWS}.map((row) => row.cells[2].textContent.trim())`);
  const before = await column();
  await page.focus('#changes th:nth-child(3) button');
  await page.keyboard.press('Enter');
  expect(await column()).toEqual(before.toSorted());
  expect(await page.evaluate("document.querySelector('#changes [aria-sort]').ariaSort")).toBe(
    'ascending',
  );
  await page.keyboard.press('Space');
  expect(await column()).toEqual(before.toSorted().toReversed());

  await page.focus('#changes input[type=search]');
  await page.keyboard.type('alert(1) td');
  const shown = await page.evaluate<number>(`${ROWS}.filter((row) => !row.hidden).length`);
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThan(before.length);
  expect(await page.evaluate("document.querySelector('#changes output').textContent")).toBe(
    `${shown} of ${before.length} rows`,
  );
}

async function printsAll(page: Page): Promise<void> {
  const paper = Buffer.from(await page.pdf({ format: 'A4', preferCSSPageSize: true }));
  expect(paper.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  const closed = await page.evaluate<number>(
    "document.querySelectorAll('details:not([open])').length",
  );
  expect(closed).toBe(0);
}

async function servesTheSame(home: Home, page: Page): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const heard = heardFrom(page, url);
  const { stop, done } = home.begin(['report', '--serve', '--port', String(port)]);
  await listening(url, done);
  await page.goto(url);
  expect(heard).toEqual([]);
  expect(await page.evaluate('document.querySelectorAll("section").length')).toBeGreaterThan(8);
  stop();
  expect((await done).code).toBe(0);
}

/** Until it listens, a connection is refused. */
async function listening(url: string, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (;;) {
    const answers = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers || isOver) return;
  }
}

/** The checker, with the folder chosen as a person does. */
async function checksThePack(pack: string, page: Page): Promise<void> {
  const url = pathToFileURL(join(pack, 'check.html')).href;
  const heard = heardFrom(page, url);
  await page.goto(url);
  await (await page.$('#folder'))?.uploadFile(pack);
  await page.waitForFunction("document.querySelector('#result .says') !== null");
  expect(await page.evaluate("document.querySelector('#result').textContent")).toContain(
    'Nothing was changed.',
  );
  expect(heard).toEqual([]);
  const proofs = await readFile(join(pack, 'manifest.txt'), 'utf8');
  expect(proofs).toContain('proofs/');
}
