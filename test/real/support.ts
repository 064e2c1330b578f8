/** What the tests have in common that try the product with real servers and readers. `npm run test:real` obtains those. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { daysAgo, homeFor, type Home, sandboxFor } from '../harness.ts';

/** Where a tool is. These tests are only run where it is there, so that none passes without. */
export function obtained(variable: string): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set: use npm run test:real`);
  return path;
}

/** What a program prints. */
export async function output(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    ...options,
    maxBuffer: 1 << 26,
  });
  return stdout;
}

/** A home with rows in every table, also revised ones, and a lake. */
export async function fullHome(): Promise<Home> {
  const small = { users: 3, teams: 1, organizations: 1 };
  const devin = { ...small, events: 30, days: 3, sessions: 3 };
  const sandbox = await sandboxFor({ ...small, events: 60, days: 3, devin });
  const home = await homeFor(sandbox, ['tabnine', 'devin'], { lake: true, streams: 'all' });
  home.env['AUDITLAKE_START'] = daysAgo(3);
  await home.sync();
  const [changed = ''] = sandbox.tabnine.events.ids().slice(-1);
  sandbox.tabnine.events.replace(changed, { metadata: { edited: true } });
  await home.sync();
  // An event that changed is one of its findings.
  const { code, stderr } = await home.run(['detect', '--quiet']);
  if (code !== 0) throw new Error(`detect ended with ${code}: ${stderr}`);
  return home;
}

/** The examples of a guide in one language. */
export function examples(page: string, language: string): string[] {
  const guide = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const fences = guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...fences].map(([, text = '']) => text);
}
