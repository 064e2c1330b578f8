import { byWindow } from '../../extract/by-window.ts';
import type { Stream } from '../../extract/port.ts';
import type { Millis } from '../../model.ts';
import { DAY } from '../../platform/time.ts';
import { claudeCode } from './claude-code.ts';
import { ORGANIZATION } from './client.ts';
import { readReport, type Report } from './report.ts';
import { KEY, type Session } from './session.ts';

const MESSAGES: Report = {
  path: `${ORGANIZATION}/usage_report/messages`,
  part: 'all',
  groups: [
    [
      'workspace_id',
      'api_key_id',
      'account_id',
      'service_account_id',
      'model',
      'service_tier',
      'context_window',
      'inference_geo',
    ],
    ['workspace_id', 'api_key_id', 'model', 'service_tier', 'context_window'],
  ],
  days: 7,
};

const COSTS: Report = {
  path: `${ORGANIZATION}/cost_report`,
  part: 'all',
  groups: [['workspace_id', 'description']],
  days: 31,
};

/** Tokens and money per day. How long usage is restated is not documented; costs may move until their month is closed. */
export const usage: readonly Stream<Session>[] = [
  series('usage-messages', 'tokens per day by workspace, key, person and model', MESSAGES, 7 * DAY),
  series('costs', 'what is billed per day, by workspace and model', COSTS, 35 * DAY),
  claudeCode,
];

function series(name: string, brings: string, report: Report, restated: Millis): Stream<Session> {
  return {
    name,
    kind: 'series',
    brings,
    endpoint: report.path,
    needs: KEY.admin,
    restated,
    maps: { figure: `${name}.sql` },
    open: (session) => ({ read: byWindow((window) => readReport(session, report, window)) }),
  };
}
