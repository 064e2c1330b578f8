import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../src/config/load.ts';
import { AuditlakeError } from '../../src/errors.ts';

export const TOKEN = 'tbn_0123456789abcdef';

export type Env = Record<string, string>;

/** An empty working directory. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'auditlake-config-'));
}

/** The configuration of a working directory, whose auditlake.yaml is written first if there is a text for it. */
export function loadAt(cwd: string, env: Env = {}, yaml?: string): Config {
  if (yaml !== undefined) writeFileSync(join(cwd, 'auditlake.yaml'), yaml);
  return loadConfig({ env, cwd });
}

/** What a refused configuration says. */
export function failure(act: () => unknown): AuditlakeError {
  try {
    act();
  } catch (error) {
    if (error instanceof AuditlakeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A file with a source of this vendor. */
export function tabnine(fields: string): string {
  return `sources: { tabnine: { type: tabnine, ${fields} } }`;
}

/** A file with a sink. */
export function sink(fields: string): string {
  return `sources: {}\nsinks: { a: { ${fields} } }`;
}
