import { expect, onTestFinished, test } from 'vitest';
import { clientOf, loadSdk } from '../../../src/sinks/s3/client.ts';
import { bucketWith } from './bucket.ts';

test('a client is made without a warning of the SDK, and the environment is as it was', async () => {
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const before = { ...process.env };
  const { options } = await bucketWith();
  clientOf(await loadSdk(), options, 1).destroy();
  // Warnings are emitted in a turn of their own.
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
  expect({ ...process.env }).toEqual(before);
});
