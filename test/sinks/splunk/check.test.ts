import { expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../../src/errors.ts';
import { type Settings, openSplunk } from '../../../src/sinks/splunk/sink.ts';
import { toolsFor } from '../delivery.ts';
import { type Hec, fault, startHec } from './hec.ts';
import { optionsFor } from './receiver.ts';

async function check(
  prepare: (hec: Hec) => void,
  more: Partial<Settings> = {},
): Promise<{ found: Promise<string>; hec: Hec }> {
  const { hec, url } = await startHec();
  const options = { ...optionsFor(hec, url), ...more };
  prepare(hec);
  const sink = openSplunk('siem', options);
  onTestFinished(() => sink.close());
  return { found: sink.check(toolsFor()), hec };
}

test.each([
  [true, 'auto', 'with indexer acknowledgement'],
  [true, 'on', 'with indexer acknowledgement'],
  [false, 'auto', 'without indexer acknowledgement'],
  [false, 'off', 'without indexer acknowledgement'],
] as const)('token acknowledges: %s, ack: %s', async (acknowledges, ack, words) => {
  const { found, hec } = await check((it) => void (it.ack = acknowledges), { ack });
  expect(await found).toContain(words);
  expect(await found).toContain('the index ai_audit');
  expect(hec.accepted).toEqual([]);
});

test.each([
  ['off', 0],
  ['auto', 1],
] as const)('a receiver without the endpoint for acknowledgements, ack: %s', async (ack, asked) => {
  const { found, hec } = await check(
    (it) => {
      it.ack = false;
      it.intercept = (path) => (path.endsWith('/ack') ? fault(404, 404, 'Not Found') : null);
    },
    { ack },
  );
  expect(await found).toContain('without indexer acknowledgement');
  expect(hec.requests.filter(({ path }) => path.endsWith('/ack'))).toHaveLength(asked);
});

test.each<[string, (hec: Hec) => void, Partial<Settings>, number, RegExp]>([
  ['another token', (hec) => (hec.token = 'other'), {}, EXIT.person, /Invalid token/],
  ['none of what is demanded', (hec) => (hec.ack = false), { ack: 'on' }, EXIT.person, /ack is on/],
  [
    'some of what is off',
    () => undefined,
    { ack: 'off' },
    EXIT.person,
    /event: status 400, code 10/,
  ],
  [
    'full queues',
    (hec) => (hec.intercept = () => fault(503, 18, 'HEC is unhealthy, queues are full')),
    {},
    EXIT.incomplete,
    /GET .*\/health: status 503, code 18: HEC is unhealthy/,
  ],
  [
    'a web server',
    (hec) => (hec.intercept = () => ({ status: 200, body: '<html>Welcome</html>' })),
    {},
    EXIT.incomplete,
    /not an answer of an event collector/,
  ],
])('%s', async (_what, prepare, more, exit, what) => {
  const { found, hec } = await check(prepare, more);
  await expect(found).rejects.toMatchObject({ exit, message: expect.stringMatching(what) });
  expect(hec.accepted).toEqual([]);
});
