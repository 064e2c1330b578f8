import { onTestFinished } from 'vitest';
import { PACE, type Pace } from '../../../src/sinks/bigquery/call.ts';
import type { Settings } from '../../../src/sinks/bigquery/options.ts';
import { openBigQuery } from '../../../src/sinks/bigquery/sink.ts';
import type { RowSink } from '../../../src/sinks/port.ts';
import type { RowReceiver } from '../receiver.ts';
import { DATASET, LOCATION, PROJECT, type Service, startService } from './service.ts';

/** The double answers at once: nothing is worth a long wait. */
export const QUICK: Pace = {
  answer: 5_000,
  upload: 5_000,
  job: 200,
  retry: { ...PACE.retry, firstPause: 1, longestPause: 4 },
};

export function optionsFor(service: Service): Settings {
  return {
    project: PROJECT,
    dataset: DATASET,
    location: LOCATION,
    apiEndpoint: service.endpoint,
    rowsPerJob: 400,
  };
}

export function sinkAt(service: Service, change: Partial<Settings> = {}): RowSink {
  return openBigQuery('warehouse', { ...optionsFor(service), ...change }, QUICK);
}

export async function serviceForTest(): Promise<Service> {
  const service = await startService();
  onTestFinished(() => service.close());
  return service;
}

/** What is in the table of events. */
export async function eventsAt(service: Service): Promise<{ uid: string; revision: number }[]> {
  if (!service.tables.names.includes('audit_events')) return [];
  const rows = await service.query(
    `select event_uid, revision from \`${PROJECT}\`.\`${DATASET}\`.\`audit_events\` order by all`,
  );
  return rows.map(([uid, revision]) => ({ uid: String(uid), revision: Number(revision) }));
}

/** What a portion uses on its way. */
export function stagingAt(service: Service): string[] {
  return service.tables.names.filter((name) => name !== 'audit_events');
}

export async function bigqueryReceiver(): Promise<RowReceiver> {
  const service = await serviceForTest();
  const { project, dataset, location, apiEndpoint } = optionsFor(service);
  return {
    configured: { project, dataset, location, apiEndpoint },
    open: async () => sinkAt(service),
    received: () => eventsAt(service),
    exact: true,
    refuse: (uids) => void (service.engine.refused = uids),
    down: (isDown) =>
      void (service.troubles.refusal = isDown ? { status: 503, reason: 'backendError' } : null),
    loseAnswers: (count) => void (service.troubles.lost = count),
    revoke: () => void (service.troubles.refusal = { status: 401, reason: 'authError' }),
  };
}
