import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { VENDORS } from '../../src/vendors/index.ts';
import { runHere } from '../harness.ts';

/** The lines of data that the command prints. */
async function printed(...options: string[]): Promise<string[]> {
  const signal = AbortSignal.abort();
  const argv = ['sandbox', '--events', '10', '--days', '2', ...options];
  const { code, stdout } = await runHere(argv, { env: {}, cwd: tmpdir(), signal });
  expect(code).toBe(0);
  return stdout.trimEnd().split('\n');
}

test('the command says where every vendor is', async () => {
  const [line = ''] = await printed('--json');
  const { variables } = JSON.parse(line);
  const wanted = VENDORS.flatMap(({ type, variables: { baseUrl, token } }) => [
    [baseUrl, expect.stringMatching(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${type}$`))],
    [token, expect.any(String)],
  ]);
  // A vendor may need more than address and token, such as the name of the organization.
  expect(variables).toMatchObject(Object.fromEntries(wanted));
  expect((await printed()).map((text) => text.split('=')[0])).toEqual(
    Object.keys(variables).map((name) => `export ${name}`),
  );
});
