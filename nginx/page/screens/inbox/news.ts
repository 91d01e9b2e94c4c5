import type {IssueSummary} from 'schema';

import type {Sort} from './filters';

/** Whether it was first seen since then. Times of the API compare as text. */
export const isNew = ({first_seen}: IssueSummary, since: string | undefined): boolean =>
    since === undefined || (first_seen !== null && first_seen > since);

/** Regressed issues, and behind them those of the newest that were first seen since then. */
export function newsOf(
    regressed: readonly IssueSummary[],
    newest: readonly IssueSummary[],
    since: string | undefined,
    sort: Sort,
): readonly IssueSummary[] {
    const back = new Set(regressed.map(({id}) => id));
    const value = (issue: IssueSummary): string | number => issue[sort] ?? 0;
    const before = (a: IssueSummary, b: IssueSummary): boolean => value(a) > value(b) || (value(a) === value(b) && a.id > b.id);
    const sorted = (issues: readonly IssueSummary[]): IssueSummary[] => [...issues].sort((a, b) => (before(a, b) ? -1 : 1));
    return [...sorted(regressed), ...sorted(newest.filter((issue) => isNew(issue, since) && !back.has(issue.id)))];
}
