/** A verb or an option without documentation fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere } from '../harness.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const GUIDES = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8'));
const SELF_EXPLANATORY = ['--help', '--version'];
const TEXT = [README, ...GUIDES].join('\n');

async function help(...argv: string[]): Promise<string> {
  const { code, stdout } = await runHere([...argv, '--help'], { env: {}, cwd: tmpdir() });
  expect(code).toBe(0);
  return stdout;
}

function verbsOf(text: string): string[] {
  const commands = text.slice(text.indexOf('\nCommands:'));
  const names = [...commands.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

test('every verb has a line in the README, and every option a word in the docs', async () => {
  const verbs = verbsOf(await help());
  expect(verbs.length).toBeGreaterThan(8);
  const undocumented: string[] = [];
  for (const verb of verbs) {
    if (!README.includes(`| \`${verb}`)) undocumented.push(verb);
    for (const [, option = ''] of (await help(verb)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
      if (!SELF_EXPLANATORY.includes(option) && !TEXT.includes(option))
        undocumented.push(`${verb} ${option}`);
    }
  }
  expect(undocumented).toEqual([]);
});
