import { SIZES, type Work } from './activity.ts';

/** The origins that are listed; the sum over them can be less than the count. */
const LISTED = ['webapp', 'slack', 'teams', 'api', 'linear', 'jira', 'automation', 'desktop'];

/** What the sessions metric serves. */
export function sessionCounts(work: readonly Work[]): object {
  const merged = work.filter(({ pullRequest }) => pullRequest === 'merged');
  const acus = work.reduce((sum, session) => sum + session.acus, 0) / 100;
  return {
    sessions_created_count: work.length,
    sessions_created_by_size: countBy(work, SIZES, ({ size }) => size),
    sessions_created_by_origin: countBy(work, LISTED, ({ origin }) => origin),
    sessions_created_with_playbook_count: work.filter(({ playbook }) => playbook).length,
    sessions_created_with_search_count: work.filter(({ search }) => search).length,
    sessions_with_merged_prs_count: merged.length,
    sessions_with_merged_prs_by_size: countBy(merged, SIZES, ({ size }) => size),
    avg_acus_per_session: work.length === 0 ? 0 : acus / work.length,
  };
}

const CATEGORIES = ['bug_fixing', 'feature_development', 'unit_test_generation'];

/** What the sessions were about; each category has one subcategory that is named and one that is not. */
export function categoryCounts(work: readonly Work[]): object {
  const categories = CATEGORIES.map((category, place) => {
    const all = work.filter((_, n) => n % CATEGORIES.length === place);
    const acus = all.reduce((sum, session) => sum + session.acus, 0) / 100;
    const about = { sessions_count: all.length, acus };
    return {
      category,
      ...about,
      subcategories: [{ subcategory_id: null, display_name: 'Other', ...about }],
    };
  });
  return { categories: categories.filter(({ sessions_count }) => sessions_count > 0) };
}

/** What the pull-request metric serves. `opened` is what is open by now, not what was ever opened. */
export function pullRequestCounts(work: readonly Work[]): object {
  const { created, open, merged, closed } = pullRequests(work);
  return {
    prs_created_count: created,
    prs_opened_count: open,
    prs_merged_count: merged,
    prs_closed_count: closed,
  };
}

/** What the usage metric serves: counts, not ACUs. */
export function usageCounts(work: readonly Work[], searches: number): object {
  const { created, merged } = pullRequests(work);
  return {
    sessions_count: work.length,
    searches_count: searches,
    prs_created_count: created,
    prs_merged_count: merged,
  };
}

type PullRequests = { created: number; open: number; merged: number; closed: number };

function pullRequests(work: readonly Work[]): PullRequests {
  const counts: PullRequests = { created: 0, open: 0, merged: 0, closed: 0 };
  for (const { pullRequest } of work) {
    if (pullRequest === 'none') continue;
    counts.created += 1;
    counts[pullRequest] += 1;
  }
  return counts;
}

/** Keys that nothing falls on are left out. */
function countBy(
  work: readonly Work[],
  keys: readonly string[],
  keyOf: (session: Work) => string,
): Record<string, number> {
  const counts = keys.map(
    (key) => [key, work.filter((each) => keyOf(each) === key).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
