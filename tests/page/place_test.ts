import assert from 'node:assert/strict';
import test from 'node:test';

import {addressOf, match, placeOf, returnPath, withQuery} from '../../nginx/page/text/place';

test('a path is matched part by part', () => {
    assert.deepEqual(match('/issues/{issue}', '/issues/THERMOSTAT-12'), {issue: 'THERMOSTAT-12'});
    assert.deepEqual(match('/issues/{issue}', '/issues/THERMOSTAT-12/'), {issue: 'THERMOSTAT-12'});
    assert.deepEqual(match('/', '/'), {});
    assert.equal(match('/issues/{issue}', '/issues/'), null);
    assert.equal(match('/issues/{issue}', '/issues/A-1/more'), null);
    assert.equal(match('/issues/{issue}', '/'), null);
});

test('a part is decoded, and a stray % is no page', () => {
    assert.deepEqual(match('/firmware/{version}', '/firmware/1.8%2B7'), {version: '1.8+7'});
    assert.equal(match('/firmware/{version}', '/firmware/100%'), null);
});

test('an address keeps what is set, and drops what is empty', () => {
    assert.equal(addressOf('/', {model: 'a', q: '', tab: undefined}), '/?model=a');
    const place = placeOf('/?model=a&q=x%26y');
    assert.deepEqual(place, {path: '/', query: {model: 'a', q: 'x&y'}});
    assert.equal(withQuery(place, {model: undefined, sort: 'devices'}), '/?q=x%26y&sort=devices');
});

test('a login comes back to this address, if it can', () => {
    assert.equal(returnPath('/issues/A-1', '?tab=devices'), '/issues/A-1?tab=devices');
    assert.equal(returnPath('/', '?q=a\\b'), '/?q=a%5Cb');
    assert.equal(returnPath('/issues/A-1', `?q=${'x'.repeat(2000)}`), '/issues/A-1');
    assert.equal(returnPath('//elsewhere.example/', ''), '/');
});
