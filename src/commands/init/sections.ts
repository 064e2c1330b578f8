/** What is asked of a source or a sink, from its declaration. */
import type { z } from 'zod';
import type { Vendor } from '../../extract/declaration.ts';
import type { Invocation } from '../../runs/context.ts';
import { documentationOf } from '../../settings/documentation.ts';
import type { SinkType } from '../../sinks/define.ts';
import type { Dialogue } from './dialogue.ts';
import { askForSecret } from './secrets.ts';

type Options = Record<string, unknown>;

export async function askForSource(
  dialogue: Dialogue,
  invocation: Invocation,
  { type, title, host, token, variables, options }: Vendor,
): Promise<Options> {
  dialogue.say(`\n${title}\n  ${token.hint}`);
  const what = { what: 'token', name: 'token', variable: variables.token };
  const secret = await askForSecret(dialogue, invocation, what);
  const suggested = invocation.env[variables.baseUrl] ?? host;
  const baseUrl = await dialogue.ask('  address', suggested);
  const more = await askForOptions(
    dialogue,
    invocation,
    options.shape,
    (option) => option.variable !== null,
  );
  return { type, ...secret, ...(baseUrl === host ? {} : { baseUrl }), ...more };
}

export async function askForSink(
  dialogue: Dialogue,
  invocation: Invocation,
  { type, title, options, secrets }: SinkType,
): Promise<Options> {
  dialogue.say(`\n${title}`);
  const given: Options = { type };
  const needed = await askForOptions(
    dialogue,
    invocation,
    options.shape,
    (option) => option.required,
  );
  Object.assign(given, needed);
  for (const [name, { what, required }] of Object.entries(secrets)) {
    if (!required) continue;
    dialogue.say(`  ${what}`);
    const place = await askForSecret(dialogue, invocation, { what: name, name, variable: null });
    Object.assign(given, place);
  }
  return given;
}

/** The options that matter enough to be asked for; an empty answer leaves one out. */
async function askForOptions(
  { ask, say }: Dialogue,
  { env }: Invocation,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  matters: (about: ReturnType<typeof documentationOf>) => boolean,
): Promise<Options> {
  const given: Options = {};
  for (const [name, option] of Object.entries(shape)) {
    const about = documentationOf(option);
    if (!matters(about)) continue;
    say(`  ${about.description}`);
    const answer = await ask(
      `  ${name}`,
      about.variable === null ? '' : (env[about.variable] ?? ''),
    );
    if (answer !== '') given[name] = answer;
  }
  return given;
}
