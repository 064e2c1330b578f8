/** The mirror at a real server: the contract of sinks of files, and kills of either side. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { SINKS } from '../../src/sinks/index.ts';
import { openS3 } from '../../src/sinks/s3/sink.ts';
import { sinkContract } from '../contract/sink.ts';
import { homeFor, sandboxFor } from '../harness.ts';
import { expectExit, failureOf } from '../sinks/deliveries.ts';
import { toolsFor } from '../sinks/delivery.ts';
import { day, testHome } from '../sinks/home.ts';
import { bucketAt, realReceiver } from './s3-receiver.ts';
import { type S3Server, startS3 } from './s3-servers.ts';
import { obtained } from './support.ts';

const PROGRAM = obtained('AUDITLAKE_REAL_S3');

let server: S3Server;
beforeAll(async () => {
  server = await startS3(PROGRAM);
});
afterAll(() => server.end());

const [declared] = SINKS.filter(({ type }) => type === 's3');
if (declared === undefined) throw new Error('there is no sink of type s3');
sinkContract(declared, {
  kind: 'files',
  receivers: { 'a real server': () => realReceiver(server) },
});

test('a server that is killed in the middle gets the rest once it is up again', async ({
  skip,
}) => {
  const own = await startS3(PROGRAM);
  onTestFinished(() => own.end());
  if (!own.keeps) skip('it keeps nothing');
  const bucket = await bucketAt(own);
  const home = await testHome(20);
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two' });
  const run = async (): Promise<void> => {
    const sink = openS3('bucket', bucket.settings);
    try {
      await sink.mirror(home.files(), toolsFor());
    } finally {
      await sink.close();
    }
  };
  const kills: Promise<void>[] = [];
  bucket.network.onRequest = () => {
    if (bucket.network.asked.length === 9) kills.push(own.kill());
  };
  expectExit(await failureOf(run()), EXIT.incomplete);
  expect(kills).toHaveLength(1);
  await Promise.all(kills);
  await own.restart();
  await run();
  expect(Object.fromEntries(await bucket.files())).toEqual(Object.fromEntries(home.content));
});

test('a run that is killed at any time is completed by the next, and the copy is verified', async () => {
  const sandbox = await sandboxFor({ events: 300, days: 25 });
  const home = await homeFor(sandbox, ['tabnine'], { lake: true });
  await home.sync();
  for (const at of [2, 5, 9, 14]) {
    const bucket = await bucketAt(server);
    const name = `copy-${at}`;
    await home.configure({ sinks: { [name]: { type: 's3', ...bucket.configured } } });
    const { child, done } = home.start(['deliver']);
    bucket.network.onRequest = () => {
      if (bucket.network.asked.length === at) child.kill('SIGKILL');
    };
    const ended = await done;
    expect({ ...ended, at, asked: bucket.network.asked }).toMatchObject({ signal: 'SIGKILL' });
    bucket.network.onRequest = () => undefined;
    expect(await home.run(['deliver'])).toMatchObject({ code: 0 });
    expect(await home.run(['verify', '--mirror', name])).toMatchObject({ code: 0 });
    expect([...(await bucket.files()).keys()]).toContain(join('lake', 'manifest.json'));
  }
});
