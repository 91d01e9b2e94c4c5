import type {Operations} from 'schema';

import type {Place} from '../../text/place';

type Query = Operations['GET /api/issues']['query'];

export type TabName = 'news' | 'open' | 'muted' | 'seen' | 'all';

export interface Tab {
    readonly name: TabName;
    readonly text: string;
    /** What the API is asked for; of `news` in two questions, see news.ts. */
    readonly query: Query;
    readonly empty: string;
}

export const tabs: readonly Tab[] = [
    {name: 'news', text: 'New & regressed', query: {state: 'open'}, empty: 'Nothing new, and nothing has come back.'},
    {name: 'open', text: 'Open', query: {state: 'open'}, empty: 'No open issues.'},
    {name: 'muted', text: 'Muted', query: {state: 'muted'}, empty: 'Nothing is muted.'},
    {name: 'seen', text: 'Resolved, still seen', query: {still_seen: true}, empty: 'What is resolved was not seen since.'},
    {name: 'all', text: 'All', query: {}, empty: 'No issues.'},
];

export const periods = {day: 'last 24 h', week: 'last 7 days', month: 'last 30 days', ever: 'any time'} as const;
export type Period = keyof typeof periods;
const kDays: Record<Period, number> = {day: 1, week: 7, month: 30, ever: 0};

export const sorts = {
    last_seen: 'last seen',
    first_seen: 'first seen',
    devices: 'most devices',
    occurrences: 'most core dumps',
} as const;
export type Sort = keyof typeof sorts;

/** The filters of an address. What it does not say, or says wrongly, is as the inbox opens. */
export interface Filters {
    readonly tab: Tab;
    readonly period: Period;
    readonly sort: Sort;
    /** Those that the API takes as they are. */
    readonly query: Query;
}

const isIn = <T extends object>(names: T, name: string | undefined): name is Extract<keyof T, string> =>
    name !== undefined && Object.keys(names).includes(name);

export function filtersOf({query}: Place): Filters {
    const tab = tabs.find(({name}) => name === query['tab']) ?? (tabs[0] as Tab);
    const devices = Number(query['min_devices']);
    return {
        tab,
        period: isIn(periods, query['period']) ? query['period'] : tab.name === 'news' ? 'week' : 'ever',
        sort: isIn(sorts, query['sort']) ? query['sort'] : 'last_seen',
        query: {
            ...(query['model'] ? {model: query['model']} : {}),
            ...(query['version'] ? {version: query['version']} : {}),
            ...(query['kind'] ? {kind: query['kind']} : {}),
            ...(query['function'] ? {function: query['function']} : {}),
            ...(query['q'] ? {q: query['q']} : {}),
            ...(devices > 0 ? {min_devices: Math.floor(devices)} : {}),
        },
    };
}

const kStep = 5 * 60_000; // ms; the same question for so long, so that its answer is still known

/** When a period began. Undefined: it never did. */
export function beginOf(period: Period, now: number): string | undefined {
    const days = kDays[period];
    if (days === 0) return undefined;
    return new Date(Math.floor(now / kStep) * kStep - days * 86_400_000).toISOString();
}
