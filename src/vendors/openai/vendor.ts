import { defineVendor } from '../../extract/define-vendor.ts';
import type { Stream } from '../../extract/port.ts';
import { auditLogs } from './audit-logs.ts';
import { compareAnswers } from './check.ts';
import { diagnose, KEY_ENDS } from './client.ts';
import { directory } from './directory.ts';
import { identify } from './identity.ts';
import { chatgpt } from './chatgpt.ts';
import { OPTIONS, problem } from './options.ts';
import { projectRoles } from './project-roles.ts';
import { openSession, type Session } from './session.ts';
import { settings } from './settings.ts';
import { usage } from './usage.ts';

/** An organization of OpenAI's API platform, read with an admin key. */
export const openai = defineVendor({
  type: 'openai',
  title: 'OpenAI',
  product: { name: 'OpenAI API Platform', vendor: 'OpenAI' },
  folder: new URL('.', import.meta.url),
  host: 'https://api.openai.com',
  variables: { token: 'OPENAI_TOKEN', baseUrl: 'OPENAI_BASE_URL' },
  token: {
    hint: 'an owner makes an admin key under Settings, Organization, Admin keys',
    problem: (token) =>
      /^sk-(proj|svcacct)-/.test(token)
        ? {
            what: 'is the key of a project, which reads nothing of the organization',
            hint: 'an owner makes an admin key (sk-admin-…) under Settings, Organization, Admin keys',
          }
        : null,
  },
  options: OPTIONS,
  problem,
  reads: [],
  redactions: [KEY_ENDS],
  diagnose,
  session: openSession,
  identify,
  crossCheck: compareAnswers,
  streams: [
    ...[...auditLogs, ...directory, ...projectRoles, ...settings, ...usage].map(ofPlatform),
    ...chatgpt,
  ],
  sandbox: async () => {
    const { OpenaiVendor } = await import('./sandbox/vendor.ts');
    return (options) => new OpenaiVendor(options);
  },
});

/** The key of a ChatGPT workspace opens none of it. */
function ofPlatform(stream: Stream<Session>): Stream<Session> {
  return {
    ...stream,
    wanted: (session) =>
      session.options.parts.includes('platform') && (stream.wanted?.(session) ?? true),
  };
}
