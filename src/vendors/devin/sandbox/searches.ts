import { fraction, hash, pick } from '../../../sandbox/random.ts';
import type { Directory } from './directory.ts';
import { repoAt } from './event-data.ts';
import { hex } from './ids.ts';

/** A search as it is kept here. How it is served is not documented. */
export type Search = {
  id: string;
  /** In seconds. */
  at: number;
  org_id: string;
  user_id: string;
  query: string;
  repo_names: string[];
  num_messages: number;
};

const QUESTIONS = ['Where is retried', 'Who calls', 'Why does the build skip', 'What tests'];

/** Searches in the order in which they were made. Only people search. */
export function generateSearches(
  { actors }: Pick<Directory, 'actors'>,
  count: number,
  { seed, start, end }: { seed: number; start: number; end: number },
): Search[] {
  const people = actors.filter(({ kind }) => kind === 'user');
  return Array.from({ length: people.length === 0 ? 0 : count }, (_, place) => {
    const { id, orgId } = pick(people, hash(seed + 91, place));
    const repo = repoAt(seed, place);
    return {
      id: `search-${hex(seed, 'search', place, 16)}${place}`,
      at: Math.floor(start + ((place + fraction(seed + 92, place)) / count) * (end - start)),
      org_id: orgId,
      user_id: id,
      query: `${pick(QUESTIONS, hash(seed + 93, place))} ${repo}?`,
      repo_names: [repo],
      num_messages: 1 + (hash(seed + 94, place) % 5),
    };
  });
}
