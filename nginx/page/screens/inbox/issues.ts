import type {IssueSummary} from 'schema';
import {useState} from 'react';

import {useAnswer, useRows} from '../../api/answers';
import type {Rows} from '../../api/answers';
import {beginOf, tabs} from './filters';
import type {Filters, Sort, TabName} from './filters';
import {isNew, newsOf} from './news';

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
        {every: kEvery},
    );
    return tab.name === 'news' ? news : listed;
}

/** Open issues that have regressed, and those first seen within the period. Where all of these are there, the page
 *  sorts them; where more come as one scrolls, the newest stand first. */
function useNews({tab, sort, query}: Filters, since: string | undefined): Rows<IssueSummary> {
    const open = (order: Sort, more: object = {}) => (tab.name === 'news' ? {query: {...query, ...tab.query, ...more, sort: order}} : null);
    const regressed = useRows('GET /api/issues', open(sort, {regressed: true}), issuesOf, {every: kEvery});
    const newest = useRows('GET /api/issues', open('first_seen'), issuesOf, {every: kEvery});
    const problem = regressed.problem ?? newest.problem;
    const again = (): void => {
        regressed.again();
        newest.again();
    };
    const common = {loading: regressed.loading || newest.loading, again, ...(problem ? {problem} : {})};
    if (!regressed.rows || !newest.rows) return {...common, more: null};
    const last = newest.rows[newest.rows.length - 1];
    const moreNews = last && isNew(last, since) ? newest.more : null;
    return {
        ...common,
        more: regressed.more ?? moreNews,
        rows: newsOf(regressed.rows, newest.rows, since, moreNews ? 'first_seen' : sort),
    };
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
    if (filters.tab.name === 'news' && shown.rows) counts.news = `${shown.rows.length}${shown.more ? '+' : ''}`;
    return counts;
}
