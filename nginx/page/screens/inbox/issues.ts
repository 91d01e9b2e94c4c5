import type {IssueSummary} from 'schema';
import {useState} from 'react';

import {useAnswer, useRows} from '../../api/answers';
import type {Rows} from '../../api/answers';
import {beginOf, tabs} from './filters';
import type {Filters, TabName} from './filters';
import {newsOf} from './news';

const kMost = 1000; // news that are looked at
const kEvery = 60_000; // ms

type Of = {readonly issues: readonly IssueSummary[]};
const issuesOf = ({issues}: Of): readonly IssueSummary[] => issues;

/** The issues that the filters let through. */
export function useIssues(filters: Filters): Rows<IssueSummary> {
    const {tab, sort, period, query} = filters;
    const [now] = useState(Date.now);
    const since = beginOf(period, now);
    const news = useNews(filters, since);
    const listed = useRows(
        'GET /api/issues',
        tab.name === 'news' ? null : {query: {...query, ...tab.query, sort, ...(since === undefined ? {} : {seen_after: since})}},
        issuesOf,
    );
    return tab.name === 'news' ? news : listed;
}

/** Open issues that have regressed, and those first seen within the period. These are few, so the page has all of
 *  them, and sorts them itself. */
function useNews({tab, sort, query}: Filters, since: string | undefined): Rows<IssueSummary> {
    const asked = tab.name === 'news';
    const open = {...query, ...tab.query, limit: kMost};
    const options = {keep: true, every: kEvery};
    const regressed = useAnswer('GET /api/issues', asked ? {query: {...open, regressed: true}} : null, options);
    const newest = useAnswer('GET /api/issues', asked ? {query: {...open, sort: 'first_seen'}} : null, options);
    const problem = regressed.problem ?? newest.problem;
    const again = (): void => {
        regressed.again();
        newest.again();
    };
    const common = {loading: regressed.loading || newest.loading, more: null, again, ...(problem ? {problem} : {})};
    if (!regressed.answer || !newest.answer) return common;
    return {...common, rows: newsOf(regressed.answer.issues, newest.answer.issues, since, sort)};
}

const kCounted = 100;

/** How many issues the tabs have: exactly up to 99, and "99+" above. Of `news` only its rows know. */
export function useTabCounts(filters: Filters, shown: Rows<IssueSummary>): Readonly<Partial<Record<TabName, string>>> {
    const counts: Partial<Record<TabName, string>> = {};
    // The same requests each time, as React wants it.
    for (const {name, query} of tabs) {
        if (name === 'news' || name === 'all') continue;
        const {answer} = useAnswer('GET /api/issues', {query: {...filters.query, ...query, limit: kCounted}}, {keep: true, every: kEvery});
        if (answer) counts[name] = answer.count >= kCounted ? `${kCounted - 1}+` : String(answer.count);
    }
    if (filters.tab.name === 'news' && shown.rows) counts.news = String(shown.rows.length);
    return counts;
}
