/** What every declared sink owes, whatever it is in front of. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { REGISTRY } from '../../src/config/registry.ts';
import { runSinkOf } from '../../src/runs/deliver/open-sinks.ts';
import type { SinkType } from '../../src/sinks/define.ts';
import type { Sink } from '../../src/sinks/port.ts';
import { toolsFor } from '../sinks/delivery.ts';
import type { Receivers } from '../sinks/receiver.ts';
import { fileSinkContract } from './file-sink.ts';
import { rowSinkContract } from './row-sink.ts';

export function sinkContract(declared: SinkType, given: Receivers): void {
  describe(`${declared.type} is what its declaration says`, () => {
    test('it receives what its receivers do', () => {
      expect(declared.receives).toBe(given.kind);
      expect(Object.keys(given.receivers).length).toBeGreaterThan(0);
    });

    test.each(Object.entries(given.receivers))(
      'a configuration with %s opens it, and its check finds the receiver',
      async (_name, setup) => {
        const sink = await configured(declared, (await setup()).configured);
        onTestFinished(() => sink.close());
        expect(sink.kind).toBe(declared.receives);
        expect(await sink.check(toolsFor())).toMatch(/\w+ \w+/);
      },
    );

    const required = Object.entries(declared.secrets).filter(([, secret]) => secret.required);
    test.each(required)('a configuration without its %s is refused', async (secret) => {
      const [setup] = Object.values(given.receivers);
      const receiver = await setup?.();
      const without = Object.entries(receiver?.configured ?? {}).filter(([key]) => key !== secret);
      await expect(configured(declared, Object.fromEntries(without))).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining(secret),
      });
    });
  });

  if (given.kind === 'rows') {
    for (const [name, setup] of Object.entries(given.receivers)) {
      rowSinkContract(`${declared.type} to ${name}`, setup);
    }
  } else {
    for (const [name, setup] of Object.entries(given.receivers)) {
      fileSinkContract(`${declared.type} to ${name}`, setup);
    }
  }
}

/** The sink as a run opens it, from a configuration file. */
async function configured(
  declared: SinkType,
  options: Readonly<Record<string, unknown>>,
): Promise<Sink> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-contract-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = { sources: {}, sinks: { it: { type: declared.type, ...options } } };
  // JSON is YAML.
  await writeFile(join(folder, 'auditlake.yaml'), JSON.stringify(file));
  const config = loadConfig({ env: {}, cwd: folder, registry: { ...REGISTRY, sinks: [declared] } });
  const [sink] = config.sinks;
  if (sink === undefined) throw new Error('the configuration has no sink');
  return runSinkOf({ config, env: {}, stdout: new PassThrough() }, sink).open();
}
