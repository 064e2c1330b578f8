import type { Redaction } from '../../extract/redaction.ts';

/** Kinds of events whose details are scripts, prompts, instructions or addresses that let somebody in. */
const WRITTEN = [
  'team_hook',
  'team_rule',
  'team_command',
  'bugbot_team_rule',
  'grok_bot_skill',
  'grok_bot_routine',
  'mcp_server_config',
  'invite_link',
  'origin_change_*',
  'origin_comment_*',
  'origin_repository_pushed',
];

/** Of those, what says which thing was changed and how. */
const NAMES = [
  'action',
  'id',
  'name',
  'type',
  'status',
  'event',
  'email',
  'user_email',
  'team_id',
  'hook_id',
  'rule_id',
  'command_id',
  'skill_id',
  'server_id',
  'server_name',
  'hook_name',
  'rule_name',
  'command_name',
  'skill_name',
  'repository_id',
  'scope',
  'role',
];

/** Longer than any name, role or state; kinds of events are added without notice. */
const LONG = 400;

/** What people wrote, where it is logged that they did. */
export const AUDIT_TEXTS: Redaction = {
  name: 'cursor-audit-texts-1',
  hides:
    'scripts, prompts, rules and invite links in the details of events, and any text of more than 400 characters',
  texts: [
    {
      path: 'events.*.event_data.**',
      keep: NAMES,
      only: { field: 'event_type', values: WRITTEN },
    },
    { path: 'events.*.event_data.**', longerThan: LONG },
  ],
};

/** The message of a commit, and the names of the files that were changed. */
export const CODE_TEXTS: Redaction = {
  name: 'cursor-code-texts-1',
  hides: 'messages of commits, and names of files',
  texts: [{ path: 'items.*.message' }, { path: 'items.*.metadata.**' }],
};
