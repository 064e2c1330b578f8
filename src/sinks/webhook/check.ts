import type { Wire } from './wire.ts';

/**
 * Whether somebody is there. A message is the only thing that most receivers take, so more cannot be tried.
 *
 * @returns what was found, in a sentence
 */
export async function check(wire: Wire, url: string, signal: AbortSignal): Promise<string> {
  const { words } = await wire.ask({ method: 'HEAD', url }, signal);
  return `${new URL(url).host} answers (${words}); whether it takes messages shows with the first finding`;
}
