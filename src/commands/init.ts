import { existsSync } from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { REGISTRY } from '../config/registry.ts';
import { tokenVariables } from '../config/set-up.ts';
import { EXIT, usageError } from '../errors.ts';
import { draftOf, fileOf } from './init/draft.ts';
import type { Plan } from './init/plan.ts';
import { isTyped } from './terminal.ts';
import type { Verb } from './verb.ts';

type InitOptions = { to: string; set?: string[]; check: boolean };

export const init: Verb<InitOptions> = {
  usage: 'init',
  summary: 'set up: asks for vendors, tokens and sinks, tries each, and writes auditlake.yaml',
  examples: ({ source }) => [
    'auditlake init',
    `auditlake init --set sources.${source}.type=${source} --set sources.${source}.tokenFile=/run/secrets/${source}`,
  ],
  options: (command) =>
    command
      .option(
        '--set <key=value>',
        'a setting for the file, which is then not asked for; may be repeated',
        more,
      )
      .option('--to <file>', 'the file to write', 'auditlake.yaml')
      .option('--no-check', 'do not try tokens and sinks'),
  async run({ options, globals, invocation }) {
    const { home, config } = globals;
    if (config !== undefined) {
      throw usageError('init takes no --config', 'name the file that it writes with --to');
    }
    const target = resolve(invocation.cwd, options.to);
    if (existsSync(target)) throw isThere(options.to);
    const draft = draftOf([...homeSetting(home, invocation.cwd, target), ...(options.set ?? [])]);
    const { registry = REGISTRY } = invocation;
    const plan: Plan = { invocation, registry, draft, target, check: options.check };
    if (isTyped(invocation)) {
      const { askForAll } = await import('./init/ask.ts');
      await askForAll(plan);
    }
    if (Object.keys(draft.sources).length === 0) {
      throw usageError(
        'no vendor is named',
        `name one with --set, or set ${tokenVariables(registry)}`,
      );
    }
    if (!isTyped(invocation)) await expectFine(plan);
    await writeNew(target, fileOf(draft), options.to);
    const flag = options.to === 'auditlake.yaml' ? '' : ` --config ${options.to}`;
    invocation.stdout.write(
      `${options.to} is written. Next:\n  auditlake check${flag}\n  auditlake sync${flag}\n  auditlake schedule${flag}\n`,
    );
    return EXIT.complete;
  },
};

/** As the file has it, which counts from its own folder. */
function homeSetting(home: string | undefined, cwd: string, target: string): string[] {
  if (home === undefined) return [];
  return [`home=${isAbsolute(home) ? home : relative(dirname(target), resolve(cwd, home)) || '.'}`];
}

function more(setting: string, former: string[] = []): string[] {
  return [...former, setting];
}

function isThere(name: string): Error {
  return usageError(`${name} is there already`, 'edit it, or name another file with --to');
}

/** Without a person to ask again, what does not work is not written. */
async function expectFine({ invocation, draft, target, check }: Plan): Promise<void> {
  if (!check) return;
  const { tryDraft } = await import('./init/try-draft.ts');
  if (await tryDraft(invocation, draft, target)) return;
  throw usageError('what was set does not work: nothing is written', 'correct it, or --no-check');
}

/** Complete or not at all, and never over a file that somebody else wrote meanwhile. */
async function writeNew(target: string, text: string, name: string): Promise<void> {
  const whole = `${target}.new`;
  await writeFile(whole, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(whole, target);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST'
      ? isThere(name)
      : error;
  } finally {
    await rm(whole);
  }
}
