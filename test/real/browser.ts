/** A real Chromium, as `npm run test:real` has obtained it. What of puppeteer is used is described here, since it is no dependency. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

type ElementHandle = { uploadFile(...paths: string[]): Promise<void> };

export type Page = {
  goto(url: string): Promise<unknown>;
  setViewport(size: { width: number; height: number }): Promise<void>;
  setBypassCSP(enabled: boolean): Promise<void>;
  emulateMediaFeatures(features: { name: string; value: string }[]): Promise<void>;
  /** @param script runs in the page */
  evaluate<T>(script: string): Promise<T>;
  waitForFunction(script: string): Promise<unknown>;
  $(selector: string): Promise<ElementHandle | null>;
  focus(selector: string): Promise<void>;
  keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  pdf(how: { format: string; preferCSSPageSize: boolean }): Promise<Uint8Array>;
  screenshot(how: { path: string; fullPage: boolean }): Promise<unknown>;
  on(event: string, heard: (what: never) => void): void;
  close(): Promise<void>;
};

type Browser = { newPage(): Promise<Page>; close(): Promise<void> };

/** A browser that is closed when the test ends. @param folder where its packages are */
export async function openBrowser(folder: string): Promise<Browser> {
  const from = createRequire(join(folder, 'package.json'));
  const load = async (name: string): Promise<{ default: never }> =>
    (await import(pathToFileURL(from.resolve(name)).href)) as { default: never };
  const chromium = (await load('@sparticuz/chromium')).default as {
    args: string[];
    executablePath(): Promise<string>;
  };
  const puppeteer = (await load('puppeteer-core')).default as {
    launch(how: object): Promise<Browser>;
  };
  const browser = await puppeteer.launch({
    args: chromium.args,
    executablePath: await chromium.executablePath(),
    headless: 'shell',
    protocolTimeout: 180_000,
  });
  onTestFinished(() => browser.close());
  return browser;
}

/** What a page says, asks for or wants that it should not. */
export function heardFrom(page: Page, url: string): string[] {
  const heard: string[] = [];
  const note = (kind: string, what: string): void => void heard.push(`${kind}: ${what}`);
  page.on('console', (message: { text(): string }) => note('console', message.text()));
  page.on('pageerror', (error: Error) => note('error', error.message));
  page.on('dialog', (dialog: { message(): string; dismiss(): Promise<void> }) => {
    note('dialog', dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request: { url(): string }) => {
    // An empty icon is part of the page.
    if (request.url() !== url && request.url() !== 'data:,') note('request', request.url());
  });
  return heard;
}

/** What axe finds wrong with a page: the rule, how grave, and the first place. */
export async function axeFaults(folder: string, page: Page): Promise<string[]> {
  const from = createRequire(join(folder, 'package.json'));
  await page.evaluate(readFileSync(from.resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>('axe.run()');
  return violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes[0]?.html.slice(0, 200)}`,
  );
}
