import type {CoredumpDetail, CrashReport} from 'schema';

import {isKnown, runsOf} from './frames';
import {address} from './numbers';

/** What many of some core dumps have in common. */
export interface Fact {
    readonly name: string;
    /** The most frequent value, how many have it, and how many have any. */
    readonly value: string;
    readonly have: number;
    readonly of: number;
    /** Whether it is a variable of the program: code. */
    readonly variable: boolean;
}

/** Name and value of all that may be equal in two core dumps. */
function factsOf(dump: CoredumpDetail, report: CrashReport): [name: string, value: string, variable: boolean][] {
    const facts: [string, string, boolean][] = [['chip', dump.chip, false]];
    const add = (name: string, value: string | null): void => {
        if (value !== null && value !== '') facts.push([name, value, false]);
    };
    add('chip revision', report.chip_revision);
    add('version', dump.decoded_version ?? dump.firmware_version);
    add('task', report.crashed_task);
    if (report.in_interrupt) add('in an interrupt', 'yes');
    if (report.exception) {
        add('cause', report.exception.name);
        if (report.exception.region !== null) add('address', address(report.exception.address));
    }
    add('ELF', report.elf_verified ? 'verified' : 'not verified');
    const frame = runsOf(report.backtrace, report).find(({system}) => !system)?.frames[0];
    for (const {name, value} of [...(frame?.args ?? []), ...(frame?.locals ?? [])]) {
        if (isKnown(value) && name !== '__func__') facts.push([name, value, true]);
    }
    return facts;
}

/** Facts that at least half of the core dumps share; of one core dump, all of its own. */
export function commonFacts(dumps: readonly CoredumpDetail[]): readonly Fact[] {
    const counts = new Map<string, {variable: boolean; of: number; values: Map<string, number>}>();
    for (const dump of dumps) {
        if (!dump.report) continue;
        for (const [name, value, variable] of factsOf(dump, dump.report)) {
            const key = `${variable ? 'variable' : 'fact'} ${name}`;
            const count = counts.get(key) ?? {variable, of: 0, values: new Map<string, number>()};
            counts.set(key, count);
            count.of++;
            count.values.set(value, (count.values.get(value) ?? 0) + 1);
        }
    }
    const decoded = dumps.filter((dump) => dump.report).length;
    const facts: Fact[] = [];
    for (const [key, {variable, of, values}] of counts) {
        const [value, have] = [...values].reduce((best, one) => (one[1] > best[1] ? one : best));
        const name = key.slice(key.indexOf(' ') + 1);
        if (2 * have >= decoded) facts.push({name, value, have, of: variable ? decoded : of, variable});
    }
    return facts;
}
