import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runHere } from '../harness.ts';

/** The lines of data that the command prints. */
async function printed(...options: string[]): Promise<string[]> {
  const signal = AbortSignal.abort();
  const argv = ['sandbox', '--events', '10', '--days', '2', ...options];
  const { code, stdout } = await runHere(argv, { env: {}, cwd: tmpdir(), signal });
  expect(code).toBe(0);
  return stdout.trimEnd().split('\n');
}

test('the command says where both vendors are', async () => {
  const [line = ''] = await printed('--json');
  const { variables } = JSON.parse(line);
  expect(variables).toEqual({
    TABNINE_BASE_URL: expect.stringMatching(/^http:.*\/tabnine$/),
    TABNINE_TOKEN: expect.any(String),
    DEVIN_BASE_URL: variables.TABNINE_BASE_URL.replace('/tabnine', '/devin'),
    DEVIN_TOKEN: expect.stringMatching(/^cog_/),
  });
  expect((await printed()).map((text) => text.split('=')[0])).toEqual(
    Object.keys(variables).map((name) => `export ${name}`),
  );
});
