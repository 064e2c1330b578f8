import { hash, pick } from '../../../sandbox/random.ts';
import type { Company } from './company.ts';

const DAY = 86_400_000;

/** A task of the coding agent as it is served, but for how the list is called. */
export type AgentTask = {
  id: string;
  name: string;
  creator: { id: number; login: string; type: string };
  state: string;
  session_count: number;
  artifacts: { type: string; html_url: string; title: string }[];
  created_at: string;
  updated_at: string;
  archived_at: string | null;
};

export const REPOSITORIES = ['acme-eng/repo-1', 'acme-eng/repo-2'];

const STATES = ['completed', 'in_progress', 'failed', 'idle', 'waiting_for_user', 'cancelled'];

/** Tasks by repository, the last one updated at the end of the history. */
export function generateTasks(
  seed: number,
  { people }: Pick<Company, 'people'>,
  until: number,
): Map<string, AgentTask[]> {
  return new Map(
    REPOSITORIES.map((repository, place) => [
      repository,
      Array.from({ length: 12 }, (_, n): AgentTask => {
        const created = until - (12 - n) * DAY;
        const { id, login } = pick(people, hash(seed + 51, place * 100 + n));
        return {
          id: `task-${place}-${n}`,
          name: `Make the secret thing number ${n}`,
          creator: { id, login, type: 'User' },
          state: pick(STATES, hash(seed + 52, n)),
          session_count: 1 + (n % 3),
          artifacts:
            n % 2 === 0
              ? []
              : [
                  {
                    type: 'pull_request',
                    html_url: `https://github.com/${repository}/pull/${n}`,
                    title: `Secret thing ${n}`,
                  },
                ],
          created_at: new Date(created).toISOString(),
          updated_at: new Date(created + DAY / 2).toISOString(),
          archived_at: n % 5 === 4 ? new Date(created + DAY / 2).toISOString() : null,
        };
      }),
    ]),
  );
}
