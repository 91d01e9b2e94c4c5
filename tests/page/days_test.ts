import assert from 'node:assert/strict';
import test from 'node:test';

import {daysOf} from '../../nginx/page/text/days';

test('days without a crash are there, too', () => {
    const days = daysOf([{day: '2026-11-10', occurrences: 3}, {day: '2020-01-01', occurrences: 9}], new Date('2026-11-12T12:00:00Z'), 4);
    assert.deepEqual(days.map(({value}) => value), [0, 3, 0, 0]);
    assert.deepEqual(days.map(({label}) => label), ['9 Nov: 0', '10 Nov: 3', '11 Nov: 0', '12 Nov: 0']);
});
