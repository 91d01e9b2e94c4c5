import assert from 'node:assert/strict';
import test from 'node:test';

import {address, bytes, counted, grouped, percent} from '../../nginx/page/text/numbers';

test('numbers are grouped and counted', () => {
    assert.equal(grouped(18400), '18,400');
    assert.equal(counted(1, 'device'), '1 device');
    assert.equal(counted(1204, 'device'), '1,204 devices');
    assert.equal(counted(0, 'core dump'), '0 core dumps');
});

test('a share never claims all or nothing', () => {
    assert.equal(percent(312, 18400), '1.7 %');
    assert.equal(percent(0, 10), '0 %');
    assert.equal(percent(10, 10), '100 %');
    assert.equal(percent(1, 1_000_000), '< 0.1 %');
    assert.equal(percent(999_999, 1_000_000), '> 99.9 %');
    assert.equal(percent(997, 1000), '99 %');
    assert.equal(percent(2, 100), '2 %');
    assert.equal(percent(1, 0), '–');
});

test('sizes have units', () => {
    assert.equal(bytes(512), '512 B');
    assert.equal(bytes(1536), '1.5 KB');
    assert.equal(bytes(65536), '64 KB');
    assert.equal(bytes(1048576), '1 MB');
});

test('an address has all its digits', () => {
    assert.equal(address(5), '0x00000005');
    assert.equal(address(0xffffffff), '0xffffffff');
});
