/** What every sink of files owes: the receiver gets archive and lake byte for byte, and never a manifest that is ahead. */
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import type { FileSink } from '../../src/sinks/port.ts';
import { expectExit, failureOf, upAtSecondRequest } from '../sinks/deliveries.ts';
import { toolsFor } from '../sinks/delivery.ts';
import { few } from '../long.ts';
import { day, type TestHome, testHome } from '../sinks/home.ts';
import type { FileReceiver } from '../sinks/receiver.ts';

const MANIFEST = 'lake/manifest.json';

export function fileSinkContract(name: string, setup: () => Promise<FileReceiver>): void {
  describe(`${name} keeps the contract of sinks of files`, () => {
    test('every file arrives byte for byte, the manifest after all that it names', async () => {
      const receiver = await setup();
      const home = await homeWithLake();
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
      expect(home).toMatchObject({ reached: home.files().to, counted: home.content.size });
      const lake = receiver.written().filter((path) => home.content.has(path));
      expect(lake.at(-1)).toBe(MANIFEST);
    });

    test('a second delivery writes nothing, and a later one what is new', async () => {
      const receiver = await setup();
      const home = await homeWithLake();
      await mirror(receiver, home);
      const before = receiver.written().length;
      await mirror(receiver, home);
      expect(receiver.written()).toHaveLength(before);
      await home.commit();
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
      expect(new Set(receiver.written().slice(before)).size).toBe(2);
    });

    test('files of the lake that are replaced or removed are so at the receiver, the manifest never ahead', async () => {
      const receiver = await setup();
      const home = await homeWithLake();
      await mirror(receiver, home);
      await home.lake({ [day(1)]: 'one', [day(2)]: 'two again', [day(4)]: 'four' });
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
    });

    test('a segment that was open is completed when it is closed', async () => {
      const receiver = await setup();
      const home = await homeWithLake();
      await mirror(receiver, home);
      await home.commit();
      await home.nextMonth();
      await home.commit();
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
    });

    test('other content where a file never changes is integrity, and is not overwritten', async () => {
      const receiver = await setup();
      const home = await homeWithLake();
      const [batch = ''] = [...home.content.keys()].filter((path) => path.endsWith('.ndjson.gz'));
      await receiver.put(batch, 'forged');
      expectExit(await failureOf(mirror(receiver, home)), EXIT.integrity);
      expect((await receiver.files()).get(batch)).toBe('forged');
    });

    test('a receiver that is down at first gets all files once it is up', async ({ skip }) => {
      const receiver = await setup();
      const down = receiver.down?.bind(receiver) ?? skip('the receiver is never down');
      const home = await homeWithLake();
      down(true);
      upAtSecondRequest(down);
      const failed = await failureOf(mirror(receiver, home));
      // A sink may retry, or leave it to the next run: nothing else is wrong.
      if (failed !== null) expectExit(failed, EXIT.incomplete);
      down(false);
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
    });

    test('refused credentials are for a person, and nothing counts as delivered', async ({
      skip,
    }) => {
      const receiver = await setup();
      const revoke =
        receiver.revoke?.bind(receiver) ?? skip('the receiver asks for no credentials');
      revoke();
      const home = await homeWithLake();
      expectExit(await failureOf(mirror(receiver, home)), EXIT.person);
      expect((await receiver.files()).size).toBe(0);
      expect(home).toMatchObject({ reached: 0, counted: 0 });
    });

    test('a lost answer loses no file', async ({ skip }) => {
      const receiver = await setup();
      const loseAnswers =
        receiver.loseAnswers?.bind(receiver) ?? skip('the receiver answers nothing');
      const home = await homeWithLake();
      loseAnswers(1);
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
    });

    test('a crash between the acknowledgement and our note of it loses no file', async () => {
      const receiver = await setup();
      const home = await homeWithLake();
      const files = {
        ...home.files(),
        acknowledged: () => Promise.reject(new Error('the lights went out')),
      };
      const failed = await failureOf(using(receiver, (sink) => sink.mirror(files, toolsFor())));
      expect(failed).toMatchObject({ message: expect.stringContaining('the lights went out') });
      await mirror(receiver, home);
      await expectMirrored(receiver, home);
    });

    test.each(few(1, [3, 1, 6]))(
      'a signal after %i files leaves what was reached, and a restart completes it',
      async (count) => {
        const receiver = await setup();
        const home = await homeWithLake();
        const stop = new AbortController();
        const files = home.files();
        const fixed = files.fixed.bind(files);
        async function* stopping(after: number) {
          let listed = 0;
          for await (const file of fixed(after)) {
            yield file;
            listed += 1;
            if (listed === count) stop.abort();
          }
        }
        const work = using(receiver, (sink) =>
          sink.mirror({ ...files, fixed: stopping }, toolsFor(stop.signal)),
        );
        const failed = await failureOf(work);
        // What is in flight may be finished.
        if (failed !== null) expectExit(failed, EXIT.incomplete);
        expect((await receiver.files()).has(MANIFEST)).toBe(failed === null);
        await mirror(receiver, home);
        await expectMirrored(receiver, home);
      },
    );

    test('a check says what it found and writes nothing', async () => {
      const receiver = await setup();
      const found = await using(receiver, (sink) => sink.check(toolsFor()));
      expect(found).toMatch(/\w+ \w+/);
      expect(receiver.written()).toEqual([]);
    });
  });
}

async function homeWithLake(): Promise<TestHome> {
  const home = await testHome(6);
  await home.lake({ [day(1)]: 'one', [day(2)]: 'two', [day(3)]: 'three' });
  return home;
}

function mirror(receiver: FileReceiver, home: TestHome): Promise<void> {
  return using(receiver, (sink) => sink.mirror(home.files(), toolsFor()));
}

/** Each use is a sink of its own, as in a new process. */
async function using<T>(receiver: FileReceiver, use: (sink: FileSink) => Promise<T>): Promise<T> {
  const sink = await receiver.open();
  try {
    return await use(sink);
  } finally {
    await sink.close();
  }
}

async function expectMirrored(receiver: FileReceiver, home: TestHome): Promise<void> {
  expect(Object.fromEntries(await receiver.files())).toEqual(Object.fromEntries(home.content));
}
