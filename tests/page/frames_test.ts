import assert from 'node:assert/strict';
import test from 'node:test';

import {commonFacts} from '../../nginx/page/text/common';
import {isKnown, isNull, runsOf} from '../../nginx/page/text/frames';

type Frames = Parameters<typeof runsOf>[0];
type Report = NonNullable<Parameters<typeof runsOf>[1]>;
type Dump = Parameters<typeof commonFacts>[0][number];

const frame = (name: string | null, file: string | null = '/app/main/app.c', values: Record<string, string> = {}): Frames[number] => ({
    pc: 1,
    function: name,
    file,
    line: 1,
    inlined: false,
    guessed: false,
    tail_call: false,
    args: Object.entries(values).map(([variable, value]) => ({name: variable, type: 'int', value, entry_value: null})),
    locals: [],
});
const report = (functions: string[], skipped: string[] = []): Report =>
    ({crash: {functions, skipped: skipped.map((name) => ({function: name, rule: 'C library'}))}}) as unknown as Report;
const shape = (frames: Frames, of: Report | null): string[] =>
    runsOf(frames, of).map(({system, first, frames: run}) => `${system ? 'system' : 'app'} ${first}+${run.length}`);

test('system frames at both ends are folded, and numbers stay', () => {
    const frames = [frame('panic_abort'), frame('abort'), frame('work'), frame('app_main'), frame('main_task'), frame(null, null)];
    assert.deepEqual(shape(frames, report(['work', 'app_main'])), ['system 0+2', 'app 2+2', 'system 4+2']);
});

test('the path tells, with either kind of slash', () => {
    const frames = [frame('work'), frame('helper', 'C:\\esp\\esp-idf\\components\\lwip\\x.c'), frame('run', '/x/freertos/tasks.c')];
    assert.deepEqual(shape(frames, null), ['app 0+1', 'system 1+2']);
});

test('what the decoder passed over is folded, and what tells the crash never is', () => {
    const frames = [frame('memcpy'), frame('abort'), frame('work')];
    assert.deepEqual(shape(frames, report(['abort', 'work (app.c)'], ['memcpy'])), ['system 0+1', 'app 1+2']);
});

test('nothing is folded where there is nothing else', () => {
    assert.deepEqual(shape([frame('prvIdleTask'), frame('vPortTaskWrapper')], null), ['app 0+2']);
    assert.deepEqual(shape([], null), []);
});

test('a null pointer is known, and an optimized value is not', () => {
    assert.ok(isNull('0x0') && isNull('0x00000000') && isNull('(struct relay *) 0x0'));
    assert.ok(!isNull('0') && !isNull('0x3ffb0000 "0x0"'));
    assert.ok(isKnown('0x0') && !isKnown('<optimized out>') && !isKnown('<error: Cannot access memory at address 0x4>'));
});

const dump = (chip: string, values: Record<string, string>, decoded = true): Dump =>
    ({
        chip,
        firmware_version: '1.0.0',
        decoded_version: '1.0.0',
        report: decoded && {
            chip_revision: null,
            crashed_task: 'main',
            in_interrupt: false,
            exception: {cause: 7, address: 5, name: 'Store fault', region: 'null page'},
            elf_verified: true,
            backtrace: [frame('abort'), frame('work', '/app/main/app.c', values)],
            crash: {functions: ['work'], skipped: []},
        },
    }) as unknown as Dump;

test('what half of the core dumps share is said, with how many', () => {
    const dumps = [
        dump('esp32c3', {relay: '0x0', n: '1', m: '<optimized out>'}),
        dump('esp32c3', {relay: '0x0', n: '2', m: '<optimized out>'}),
        dump('esp32s3', {relay: '0x0', n: '3', m: '<optimized out>'}),
    ];
    const facts = new Map(commonFacts(dumps).map((fact) => [fact.name, fact]));
    assert.deepEqual(facts.get('relay'), {name: 'relay', value: '0x0', have: 3, of: 3, variable: true});
    assert.equal(facts.get('chip')?.have, 2);
    assert.equal(facts.get('address')?.value, '0x00000005');
    assert.ok(!facts.has('n') && !facts.has('m'));
});

test('core dumps without a report tell nothing', () => assert.deepEqual(commonFacts([dump('esp32', {}, false)]), []));
