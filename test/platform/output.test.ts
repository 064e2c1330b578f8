/** Standard output, as a program has it that opens many homes. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openOutput } from '../../src/platform/output.ts';

const SETTINGS = { secrets: [], logLevel: 'info', quiet: true, env: {} };

test('however many outputs are opened on a stream, it has one listener, and each knows once it is lost', () => {
  const stdout = new PassThrough();
  const open = () => openOutput({ ...SETTINGS, stdout, stderr: new PassThrough() });
  const outputs = Array.from({ length: 20 }, open);
  expect(stdout.listenerCount('error')).toBe(1);
  expect(outputs.map(({ isLost }) => isLost)).not.toContain(true);
  stdout.emit('error', new Error('the reader has left'));
  expect(outputs.map(({ isLost }) => isLost)).not.toContain(false);
  expect(openOutput({ ...SETTINGS, stdout: new PassThrough(), stderr: stdout }).isLost).toBe(false);
});
