import { z } from 'zod';
import { textOption } from '../../settings/options.ts';
import type { CrossProblem } from '../../settings/problem.ts';

const PARTS = ['platform', 'chatgpt'] as const;

/** Logs that have content: nothing of it is read unless it is named. */
const CONTENT_LOGS = [
  'CODEX_LOG',
  'CODEX_SECURITY_LOG',
  'CUSTOM_AGENTS_LOG',
  'CONVERSATION_MESSAGE',
] as const;

export type ContentLog = (typeof CONTENT_LOGS)[number];

export const OPTIONS = z.object({
  parts: z
    .array(z.enum(PARTS))
    .min(1)
    .default(['platform'])
    .describe(
      'What the key opens: the API `platform`, or the compliance logs of `chatgpt` Enterprise, which have another key and the `baseUrl` `https://api.chatgpt.com`.',
    ),
  workspace: textOption('With `chatgpt`: the id of the workspace, a UUID.').optional(),
  chatgptOrganization: textOption(
    'With `chatgpt`: the id of its organization (`org-…`), for costs.',
  ).optional(),
  contentLogs: z
    .array(z.enum(CONTENT_LOGS))
    .default([])
    .describe(
      'With `chatgpt`: logs that are read although they have prompts, answers or commands.',
    ),
  roleAssignments: z
    .boolean()
    .default(true)
    .describe(
      'Whether to ask which roles each user holds beyond `owner` and `reader`: a request per user.',
    ),
  projectRoleAssignments: z
    .boolean()
    .default(false)
    .describe(
      'Whether to ask which roles each user holds within each project: a request per member of a project.',
    ),
});

export type Options = z.output<typeof OPTIONS>;

export function problem({ parts, workspace, chatgptOrganization }: Options): CrossProblem | null {
  const hasNone = workspace === undefined && chatgptOrganization === undefined;
  if (!parts.includes('chatgpt') || !hasNone) return null;
  return {
    what: 'reads `chatgpt` and names neither a workspace nor an organization',
    hint: 'set `workspace`, `chatgptOrganization`, or both',
  };
}
