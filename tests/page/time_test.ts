import assert from 'node:assert/strict';
import test from 'node:test';

import {ago, agoInWords, exact, utc} from '../../nginx/page/text/time';

const now = new Date('2026-11-12T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - 1000 * seconds);

test('how long ago', () => {
    assert.equal(ago(before(5), now), 'now');
    assert.equal(ago(before(240), now), '4 min');
    assert.equal(ago(before(2 * 3600), now), '2 h');
    assert.equal(ago(before(3 * 86400), now), '3 d');
    assert.equal(ago(new Date('2026-10-02T12:00:00Z'), now), '2 Oct');
    assert.equal(ago(new Date('2025-10-02T12:00:00Z'), now), '2 Oct 2025');
    assert.equal(ago(before(-7200), now), 'in 2 h');
});

test('a clock that is a little behind says now', () => assert.equal(ago(before(-30), now), 'now'));

test('the same in a sentence', () => {
    assert.equal(agoInWords(before(240), now), '4 min ago');
    assert.equal(agoInWords(before(5), now), 'just now');
    assert.equal(agoInWords(new Date('2026-10-02T12:00:00Z'), now), 'on 2 Oct');
});

test('the exact time is in UTC, too', () => {
    assert.equal(utc(now), '2026-11-12 12:00:00 UTC');
    assert.match(exact(now), /2026-11-12 12:00:00 UTC$/);
});
