import type {CoredumpSummary} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {Link} from '../../app/router';
import {Text} from '../../parts/code';
import {Time} from '../../parts/time';
import {grouped} from '../../text/numbers';

const kMost = 10; // bugs that are shown

interface Bug {
    readonly newest: CoredumpSummary;
    readonly times: number;
}

/** The bugs of a device's core dumps, the most frequent first. Core dumps are the newest first. */
export function bugsOf(coredumps: readonly CoredumpSummary[]): readonly Bug[] {
    const bugs = new Map<string, {newest: CoredumpSummary; times: number}>();
    for (const coredump of coredumps) {
        if (coredump.signature === null) continue;
        const bug = bugs.get(coredump.signature);
        if (bug) bug.times++;
        else bugs.set(coredump.signature, {newest: coredump, times: 1});
    }
    return [...bugs.values()].sort((a, b) => b.times - a.times);
}

/** `all`: these are all core dumps of the device, rather than its last ones. */
export function DeviceIssues({coredumps, all}: {coredumps: readonly CoredumpSummary[]; all: boolean}): ReactElement {
    const bugs = bugsOf(coredumps);
    if (bugs.length === 0) return <p className="quiet">None of its core dumps is decoded.</p>;
    return (
        <>
            <table className="stacked" aria-label="Issues of this device">
                <tbody>
                    {bugs.slice(0, kMost).map((bug) => (
                        <Row key={bug.newest.id} bug={bug} />
                    ))}
                </tbody>
            </table>
            <p className="quiet">
                {bugs.length > kMost && `The ${kMost} most frequent of ${bugs.length}. `}
                {!all && `Of its last ${grouped(coredumps.length)} core dumps.`}
            </p>
        </>
    );
}

/** A list of core dumps does not say their issues, so the newest of each kind is asked. */
function Row({bug: {newest, times}}: {bug: Bug}): ReactElement {
    const {answer} = useAnswer('GET /api/coredumps/{id}', {path: {id: newest.id}});
    const issue = answer?.issue;
    return (
        <tr>
            <td className="nowrap right">{grouped(times)}×</td>
            <td className="nowrap">{issue && <Link to={`/issues/${issue.name}`}>{issue.name}</Link>}</td>
            <td className="wide">
                <Text>{newest.title ?? ''}</Text>
            </td>
            <td className="nowrap quiet">
                last <Time at={newest.uploaded_at} inWords /> in <Text>{newest.firmware_version}</Text>
            </td>
        </tr>
    );
}
