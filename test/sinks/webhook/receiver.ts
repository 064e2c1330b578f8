import { onTestFinished } from 'vitest';
import { openWebhook, RETRY, type Settings } from '../../../src/sinks/webhook/sink.ts';
import type { RowReceiver } from '../receiver.ts';
import { type Hook, startHook } from './hook.ts';

/** Long enough for some retries, so short that a test sees a delivery given up. */
export const QUICK = { ...RETRY, firstPause: 50, giveUpAfter: 1_500 };

export function settingsFor(url: string, more: Partial<Settings> = {}): Settings {
  return {
    url,
    template: 'generic',
    atLeast: 'low',
    routingKey: null,
    signingKey: null,
    heartbeat: null,
    timeout: 5_000,
    caFile: undefined,
    env: {},
    ...more,
  };
}

type Received = { rows: { uid: string; revision: number }[] };

export function receivedBy(hook: Hook): Received['rows'] {
  return hook.posted.flatMap(({ body }) => (JSON.parse(body) as Received).rows);
}

/** A receiver of whatever is posted to it. */
export async function webhookReceiver(): Promise<RowReceiver> {
  const { hook, url } = await startHook();
  return {
    configured: { url },
    async open() {
      const sink = openWebhook('alerts', settingsFor(url), QUICK);
      onTestFinished(() => sink.close());
      return sink;
    },
    received: async () => receivedBy(hook).map(({ uid, revision }) => ({ uid, revision })),
    exact: false,
    refuse(uids) {
      for (const uid of uids) hook.poison.add(uid);
    },
    down(isDown) {
      hook.isDown = isDown;
    },
    loseAnswers(count) {
      hook.answersToLose = count;
    },
    revoke() {
      hook.isRevoked = true;
    },
  };
}
