import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Invocation } from '../../runs/context.ts';
import type { Dialogue } from './dialogue.ts';
import { placeOfSecret } from './draft.ts';

/** Asks where a secret is. What is typed is never repeated: it may be the secret itself. */
export async function askForSecret(
  { ask, say }: Dialogue,
  { env, cwd }: Invocation,
  of: { what: string; name: string; variable: string | null },
): Promise<Record<string, string>> {
  const { what, name, variable } = of;
  const isSet = (one: string): boolean => (env[one] ?? '') !== '';
  const suggested = variable !== null && isSet(variable) ? variable : '';
  for (;;) {
    const answer = await ask(
      `  ${what}: a file that holds it, or a variable that is set`,
      suggested,
    );
    const place = placeOfSecret(answer, name, isSet);
    const file = place[`${name}File`];
    if (file === undefined || (file !== '' && existsSync(resolve(cwd, file)))) return place;
    say('  no such file, and no such variable is set. The secret itself does not belong here');
  }
}
