import type {CoredumpSummary} from 'schema';
import type {ReactElement} from 'react';

import {useRows} from '../../api/answers';
import {useTitle} from '../../app/page';
import {goQuery, usePlace} from '../../app/router';
import {CoredumpTable} from '../../parts/coredump_table';
import {visible} from '../../text/visible';

type Status = CoredumpSummary['parse_status'];
const kStatuses: Readonly<Record<Status, string>> = {PENDING: 'waiting to be decoded', ERROR: 'not decoded', PARSED: 'decoded'};
const kFilters = {version: 'of version', device: 'of device', issue: 'of issue'} as const;

type Of = {readonly coredumps: readonly CoredumpSummary[]};
const coredumpsOf = ({coredumps}: Of): readonly CoredumpSummary[] => coredumps;

/** Core dumps of the whole fleet: where the figures of other screens lead to. */
export function Coredumps(): ReactElement {
    const {query} = usePlace();
    const status = query['status'] !== undefined && query['status'] in kStatuses ? (query['status'] as Status) : undefined;
    const device = Number(query['device']);
    useTitle('Core dumps');
    const coredumps = useRows(
        'GET /api/coredumps',
        {
            query: {
                ...(query['model'] ? {model: query['model']} : {}),
                ...(query['version'] ? {version: query['version']} : {}),
                ...(device > 0 ? {device} : {}),
                ...(query['issue'] ? {issue: query['issue']} : {}),
                ...(status ? {status} : {}),
            },
        },
        coredumpsOf,
    );
    const names = Object.keys(kFilters) as (keyof typeof kFilters)[];
    return (
        <>
            <div className="title-bar">
                <h1>Core dumps</h1>
                <select aria-label="Status" value={status ?? ''} onChange={(event) => goQuery({status: event.target.value})}>
                    <option value="">all</option>
                    {Object.entries(kStatuses).map(([value, text]) => (
                        <option key={value} value={value}>
                            {text}
                        </option>
                    ))}
                </select>
                {names.map((name) => {
                    const value = query[name];
                    return (
                        value && (
                            <span key={name} className="filter">
                                {kFilters[name]} <b>{visible(value)}</b>{' '}
                                <button
                                    className="plain"
                                    aria-label={`Remove the filter ${kFilters[name]} ${visible(value)}`}
                                    onClick={() => goQuery({[name]: undefined})}
                                >
                                    ×
                                </button>
                            </span>
                        )
                    );
                })}
            </div>
            <CoredumpTable coredumps={coredumps} label="Core dumps" titles />
        </>
    );
}
