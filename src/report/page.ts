/** The page: one file that loads nothing, runs nothing but its own script, and is whole without it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isoDay, minuteText } from '../platform/time.ts';
import { PATTERNS } from './charts/patterns.ts';
import { html, Html } from './html.ts';
import type { Scope } from './scope.ts';

const read = (name: string): string =>
  readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');

export const STYLE = read('page.css');
const SCRIPT = read('page.js');

/**
 * What a browser lets the page do. `style` and `script` are known by their hashes: whatever else would be put into the page is
 * neither applied nor run. The icon is empty, since a browser asks a server for one otherwise.
 */
function policyOf(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

export type Shown = { id: string; title: string; body: Html };

/** A whole document around a body. */
export function documentOf(input: {
  title: string;
  body: Html;
  style: string;
  script: string;
}): string {
  const { title, body, style, script } = input;
  // As a whole: what stands between the tags must not change by a space, or their hashes would be others.
  const sheet = new Html(`<style>${style}</style>`);
  const code = new Html(`<script type="module">${script}</script>`);
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${new Html(policyOf(style, script))}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      <link rel="icon" href="data:," />
      ${sheet}
    </head>
    <body>
      ${body} ${code}
    </body>
  </html>`;
  return `<!doctype html>\n${page.text}\n`;
}

export function pageOf(input: {
  scope: Scope;
  madeAt: string;
  version: string;
  sections: readonly Shown[];
}): string {
  const { scope, madeAt, version, sections } = input;
  const period = `${isoDay(scope.from)} to ${isoDay(scope.to - 1)}`;
  const links = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const blocks = sections.map(
    ({ id, title, body }) =>
      html`<section id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${title}</h2>
        ${body}
      </section>`,
  );
  const body = html`<a class="skip" href="#verdict">To the verdict</a>
    ${PATTERNS}
    <header class="top">
      <p class="brand">auditlake</p>
      <h1>AI coding tools: audit report</h1>
      <p class="about">
        <span>${period}, UTC</span>${aboutOf(scope)}<span
          >made ${minuteText(madeAt).replace('T', ' ').replace('Z', ' UTC')} by auditlake
          ${version}</span
        >
      </p>
    </header>
    <div class="sheet">
      <nav aria-label="Contents">
        <ol>
          ${links}
        </ol>
      </nav>
      <main>${blocks}</main>
    </div>`;
  return documentOf({ title: `Audit report, ${period}`, body, style: STYLE, script: SCRIPT });
}

function aboutOf({ person, team, vendor }: Scope): Html {
  const parts = Object.entries({ person, team, vendor }).flatMap(([name, value]) =>
    value === null ? [] : [html`<span>${name} <b>${value}</b></span>`],
  );
  return parts.length === 0 ? html`<span>all vendors and people</span>` : html`${parts}`;
}
