import { onTestFinished } from 'vitest';
import { type Settings, openSplunk, RETRY } from '../../../src/sinks/splunk/sink.ts';
import type { RowReceiver } from '../receiver.ts';
import { type Hec, startHec } from './hec.ts';

/** Long enough for some retries, so short that a test sees a delivery given up. */
export const QUICK = { ...RETRY, giveUpAfter: 1_500 };

export function optionsFor(hec: Hec, url: string): Settings {
  return {
    url,
    token: hec.token,
    index: 'ai_audit',
    sourcetype: 'auditlake:event',
    ack: 'auto',
    ackTimeout: 1_000,
    timeout: 5_000,
    caFile: undefined,
    env: {},
  };
}

/** An event collector with indexer acknowledgement. */
export async function splunkReceiver(): Promise<RowReceiver> {
  const { hec, url } = await startHec();
  const options = optionsFor(hec, url);
  const { token, index } = options;
  return {
    configured: { url, token, index },
    async open() {
      const sink = openSplunk('siem', options, QUICK);
      onTestFinished(() => sink.close());
      return sink;
    },
    async received() {
      return hec.indexed.map(({ uid, revision }) => ({ uid, revision }));
    },
    exact: false,
    refuse(uids) {
      for (const uid of uids) hec.poison.add(uid);
    },
    down(isDown) {
      hec.isDown = isDown;
    },
    loseAnswers(count) {
      hec.answersToLose = count;
    },
    revoke() {
      hec.token = 'dead0000-1111-4222-8333-444455556666';
    },
  };
}
