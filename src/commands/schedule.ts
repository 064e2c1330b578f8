import { version } from '../platform/version.ts';
import type { Globals, Verb } from './verb.ts';

export const schedule: Verb = {
  usage: 'schedule',
  summary: 'stay up and run the jobs at their times, with metrics and health',
  examples: () => [
    'auditlake schedule',
    'auditlake schedule --config /etc/auditlake.yaml --json | jq -c "{job, exit}"',
  ],
  async run({ globals, open }) {
    const { runSchedule } = await import('./schedule-service.ts');
    return await runSchedule(open(), { globals: passedOn(globals), version: version() });
  },
};

/** What every job is run with too. */
function passedOn({ config, home, quiet }: Globals): string[] {
  return [
    ...(config === undefined ? [] : ['--config', config]),
    ...(home === undefined ? [] : ['--home', home]),
    ...(quiet === true ? ['--quiet'] : []),
  ];
}
