import assert from 'node:assert/strict';
import test from 'node:test';

import {fileName, titleOf} from '../../nginx/page/text/title';

test('a title has what, where and a line', () => {
    assert.deepEqual(titleOf('Store to invalid address at 0x5 in relay_set_duty (heater.c:39)'), {
        what: 'Store to invalid address at 0x5',
        where: 'relay_set_duty',
        line: 'heater.c:39',
        remark: null,
    });
});

test('a title says that its ELF is not verified', () => {
    const title = titleOf('Abort in fail_once (test_core_dump.c:36) (ELF not verified)');
    assert.equal(title.where, 'fail_once');
    assert.equal(title.remark, 'ELF not verified');
});

test('a title without a function is all that happened', () => {
    assert.deepEqual(titleOf('Stack overflow in task sensor'), {what: 'Stack overflow in task sensor', where: null, line: null, remark: null});
    assert.equal(titleOf('Heap corrupt').where, null);
});

test('an " in " of a C++ name does not split it', () => {
    assert.equal(titleOf('Abort in run<Work (* in )()> (a.cpp:1)').where, 'run<Work (* in )()>');
});

test('a path ends in its file, whichever slashes it has', () => {
    assert.equal(fileName('/app/main/heater.c'), 'heater.c');
    assert.equal(fileName('C:\\app\\main\\heater.c'), 'heater.c');
});
