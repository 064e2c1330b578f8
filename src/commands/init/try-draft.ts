import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Finding } from '../../documents/check.ts';
import { EXIT } from '../../errors.ts';
import { printable } from '../../platform/printable.ts';
import { during, type Report } from '../../platform/progress.ts';
import { fine, problem } from '../../runs/check/finding.ts';
import { checkSinks } from '../../runs/check/sinks.ts';
import { checkSource } from '../../runs/check/source.ts';
import { type Context, type Invocation, openContext } from '../../runs/context.ts';
import { type Draft, fileOf } from './draft.ts';
import { counted } from '../../platform/counted.ts';

/**
 * Tries all sources and sinks of a draft, in the place where the file will be: relative paths begin there.
 *
 * @returns whether all works that has to; what was found is said
 * @throws AuditlakeError `usage` for settings that are wrong by themselves
 */
export async function tryDraft(
  invocation: Invocation,
  draft: Draft,
  target: string,
): Promise<boolean> {
  const file = join(dirname(target), `.${basename(target)}.draft`);
  await writeFile(file, fileOf(draft), { mode: 0o600 });
  try {
    const context = openContext(invocation, { configFile: file });
    const found = await during(context.output, 'checking', (report) => tried(context, report));
    for (const { ok, subject, detail, hint } of found) {
      context.output.say(`  ${ok ? 'ok' : 'NO'}  ${subject}: ${printable(detail, 400)}`);
      if (hint !== '') context.output.say(`      what to do: ${hint}`);
    }
    return found.every(({ ok }) => ok);
  } finally {
    await rm(file, { force: true });
  }
}

/** Every stream is a line for `check`; here only those that must work and do not. */
async function tried(context: Context, report: Report): Promise<Finding[]> {
  const all: Finding[] = [];
  for (const source of context.config.sources) {
    const { name } = source;
    const { findings, endpoints } = await checkSource(source, context, report);
    all.push(...findings);
    const open = endpoints.filter(({ available }) => available).length;
    if (open > 0)
      all.push(fine(name, `${open} of ${counted(endpoints.length, 'stream')} can be read`));
    const failing = endpoints.filter(({ exit }) => exit !== EXIT.complete);
    for (const { stream, detail, hint, exit } of failing) {
      all.push(problem(`${name}/${stream}`, detail, hint, exit));
    }
  }
  return [...all, ...(await checkSinks(context, report))];
}
