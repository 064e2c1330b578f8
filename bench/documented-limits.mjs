/** What the vendors document: how many requests they take, and what a night costs by the pages of the docs. */

/** Requests by the minute of the clock, of all paths that begin so together. `saysWhen`: refusals have a Retry-After. */
export const MINUTES = {
  cursor: {
    saysWhen: false,
    limits: {
      ...each(20, [
        '/teams/audit-logs',
        '/teams/members',
        '/teams/groups',
        '/teams/spend',
        '/teams/daily-usage-data',
        '/teams/model-access/',
        '/settings/repo-blocklists/',
        '/analytics/ai-code/commits',
        '/analytics/ai-code/changes',
        '/analytics/team/conversation-insights',
      ]),
      '/analytics/team/bugbot': 30,
      '/analytics/by-user/': 50,
      '/teams/filtered-usage-events': 60,
      '/analytics/team/': 100,
    },
  },
  anthropic: {
    saysWhen: true,
    limits: {
      '/v1/organizations/analytics/': 60,
      '/v1/organizations/spend_limits': 60,
      '/v1/organizations/': 100,
      '/v1/compliance/': 600,
    },
  },
};

/**
 * The requests of a quiet night by `docs/<vendor>.md`, for so many people in a company that is otherwise as small as the
 * sandbox's.
 */
export const BOUNDS = {
  // Its teams have more than 200 members, and each list of them takes another page or two.
  tabnine: (people) => 2 * (1 + 6 + people) + 9 + 3 * 6 + 2 * pages(people, 200) + 1 + 13,
  devin: (people) => 7 * 4 + 10 + people + 10 + 54 + 25 + 2 * pages(people, 200),
  anthropic: (people) =>
    16 + 8 + 4 + 14 + 49 + (3 + 8 + 32 + 8) * (pages(people, 1000) - 1) + pages(people, 20),
  // A busy day has a call and a half for each person, and as many changes.
  cursor: (people) =>
    20 +
    4 +
    pages(people, 100) +
    pages(people, 1000) +
    11 +
    10 * pages(people, 500) +
    9 +
    3 * 9 * pages(1.5 * people, 1000),
  openai: (people) => 12 * 5 + 2 * 2 + 3 + people + 25 + 30 + 5 * pages(people, 100),
  github: (people) => 8 * 8 + 36 + 2 * 3 + 4 + 21 + 5 * pages(people, 50) + 2 * pages(people, 100),
};

function each(most, beginnings) {
  return Object.fromEntries(beginnings.map((beginning) => [beginning, most]));
}

function pages(items, most) {
  return Math.ceil(items / most);
}
