import assert from 'node:assert/strict';
import test from 'node:test';

import {beginOf, filtersOf} from '../../nginx/page/screens/inbox/filters';
import {newsOf} from '../../nginx/page/screens/inbox/news';
import {placeOf} from '../../nginx/page/text/place';

type Issue = Parameters<typeof newsOf>[0][number];
const issue = (id: number, first_seen: string, devices: number): Issue => ({id, first_seen, devices}) as Issue;

test('an address without filters is the inbox as it opens', () => {
    const {tab, period, sort, query} = filtersOf(placeOf('/'));
    assert.deepEqual([tab.name, period, sort, query], ['news', 'week', 'last_seen', {}]);
});

test('an address has the filters', () => {
    const {tab, period, sort, query} = filtersOf(placeOf('/?tab=muted&period=day&sort=devices&model=t&min_devices=3&q=x+y'));
    assert.deepEqual([tab.name, period, sort, query], ['muted', 'day', 'devices', {model: 't', q: 'x y', min_devices: 3}]);
});

test('what an address says wrongly does not count', () => {
    const {tab, period, sort, query} = filtersOf(placeOf('/?tab=x&period=toString&sort=constructor&min_devices=-1'));
    assert.deepEqual([tab.name, period, sort, query], ['news', 'week', 'last_seen', {}]);
});

test('a period begins at the same time for some minutes', () => {
    const now = Date.parse('2026-11-12T12:03:00Z');
    assert.equal(beginOf('day', now), '2026-11-11T12:00:00.000Z');
    assert.equal(beginOf('day', now + 60_000), beginOf('day', now));
    assert.equal(beginOf('ever', now), undefined);
});

test('what has come back stands before what is new, and nothing twice', () => {
    const since = '2026-11-10T00:00:00.000000Z';
    const [old, back] = [issue(1, '2026-01-01T00:00:00.000000Z', 9), issue(2, '2026-11-11T00:00:00.000000Z', 5)];
    const [few, many] = [issue(3, '2026-11-12T00:00:00.000000Z', 1), issue(4, '2026-11-11T12:00:00.000000Z', 8)];
    const news = newsOf([back], [few, many, back, old], since, 'devices');
    assert.deepEqual(news.map(({id}) => id), [2, 4, 3]);
});
