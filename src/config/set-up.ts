import type { Registry } from './registry.ts';

const either = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** The variables of which any sets a source up, for messages: `A_TOKEN, B_TOKEN or C_TOKEN`. */
export function tokenVariables({ vendors }: Registry): string {
  return either.format(vendors.map(({ variables }) => variables.token));
}

/** A source as the environment names it, and a stream of it, for examples in help texts. */
export function exampleStream({ vendors }: Registry): { source: string; stream: string } {
  const [vendor] = vendors;
  const stream = vendor?.streams.find(({ required }) => required) ?? vendor?.streams[0];
  return { source: vendor?.type ?? 'source', stream: stream?.name ?? 'stream' };
}
