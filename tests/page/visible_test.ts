import assert from 'node:assert/strict';
import test from 'node:test';

import {foldMiddle, visible, visibleLines} from '../../nginx/page/text/visible';

test('what cannot be seen is escaped', () => {
    assert.equal(visible('\u001b[31mred\u0007'), '\\x1b[31mred\\x07');
    assert.equal(visible('a\u202egnp.exe'), 'a\\u{202e}gnp.exe');
    assert.equal(visible('zero\u200bwidth\ufeff'), 'zero\\u{200b}width\\u{feff}');
    assert.equal(visible('tag\u{e0041}'), 'tag\\u{e0041}');
    assert.equal(visible('line\nfeed'), 'line\\x0afeed');
});

test('letters of any script stay', () => {
    for (const text of ['größe', '温度', 'مهمة', '<script>alert(1)</script>', '🔥']) assert.equal(visible(text), text);
});

test('a text of lines keeps its lines', () => {
    assert.equal(visibleLines('a\n\tb\r\u0000\u202e'), 'a\n\tb\\x0d\\x00\\u{202e}');
});

test('a long name keeps both of its ends', () => {
    assert.equal(foldMiddle('relay_set_duty'), null);
    const name = `${'std::map<'.repeat(12)}>::insert`;
    const folded = foldMiddle(name, 40);
    assert.ok(folded);
    assert.equal(folded.head.length + folded.tail.length, 39);
    assert.ok(name.startsWith(folded.head) && name.endsWith(folded.tail));
    assert.equal(foldMiddle('x'.repeat(40), 40), null);
});
