/** The key of a demonstration: it lies in its home, so it is worth nothing, and shows what a real one is for. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../platform/durable.ts';
import type { Layout } from './layout.ts';

export async function makeDemoKey(layout: Layout): Promise<void> {
  const { privateFile, publicFile } = demoKeyFiles(layout);
  if (existsSync(privateFile)) return;
  await makeFolder(layout.home);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
  // The last, since whoever has it has both.
  await writeFile(privateFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
  });
}

export function demoKeyFiles({ home }: Layout): { privateFile: string; publicFile: string } {
  return { privateFile: join(home, 'demo-key.pem'), publicFile: join(home, 'demo-key.pub.pem') };
}

/** The variables with which a run signs, and checks what was signed. A home of an earlier version has no key. */
export function demoKeyVariables(layout: Layout): Record<string, string> {
  const { privateFile, publicFile } = demoKeyFiles(layout);
  if (!existsSync(privateFile)) return {};
  return { AUDITLAKE_SIGNING_KEY_FILE: privateFile, AUDITLAKE_TRUSTED_KEYS: publicFile };
}
