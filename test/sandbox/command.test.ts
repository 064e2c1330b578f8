import { pino } from 'pino';
import { expect, test } from 'vitest';
import { REGISTRY } from '../../src/config/registry.ts';
import { sandboxCommand } from '../../src/commands/sandbox.ts';

const OPTIONS = { port: 0, events: 10, days: 2 };
const ENDED = {
  registry: REGISTRY,
  signal: AbortSignal.abort(),
  now: Date.now,
};

/** The lines of data that the command prints. */
async function printed(json: boolean): Promise<string[]> {
  const lines: string[] = [];
  const output = {
    line: (text: string) => {
      lines.push(text);
    },
    say: () => {},
    progress: () => {},
    log: pino({ level: 'silent' }),
    isTerminal: false,
    isRich: false,
  };
  await sandboxCommand(output, json, OPTIONS, ENDED);
  return lines;
}

test('the command says where both vendors are', async () => {
  const [line = ''] = await printed(true);
  const { variables } = JSON.parse(line);
  expect(variables).toEqual({
    TABNINE_BASE_URL: expect.stringMatching(/^http:.*\/tabnine$/),
    TABNINE_TOKEN: expect.any(String),
    DEVIN_BASE_URL: variables.TABNINE_BASE_URL.replace('/tabnine', '/devin'),
    DEVIN_TOKEN: expect.stringMatching(/^cog_/),
  });
  expect((await printed(false)).map((text) => text.split('=')[0])).toEqual(
    Object.keys(variables).map((name) => `export ${name}`),
  );
});
