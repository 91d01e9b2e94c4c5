import type {IssueDetail} from 'schema';
import type {ReactElement} from 'react';

import {useRows} from '../../api/answers';
import {goQuery, usePlace} from '../../app/router';
import {CoredumpTable} from '../../parts/coredump_table';

/** Its core dumps that are kept, newest first. */
export function Coredumps({issue}: {issue: IssueDetail}): ReactElement {
    const {version} = usePlace().query;
    const coredumps = useRows(
        'GET /api/issues/{issue}/coredumps',
        {path: {issue: issue.name}, query: {version}},
        ({coredumps: rows}) => rows,
    );
    return (
        <>
            {version !== undefined && (
                <p className="filters">
                    <span className="filter">
                        of devices that said they run <b>{version}</b>{' '}
                        <button className="plain" aria-label="Remove the filter" onClick={() => goQuery({version: undefined})}>
                            ×
                        </button>
                    </span>
                </p>
            )}
            <CoredumpTable coredumps={coredumps} label={`Core dumps of ${issue.name}`} />
        </>
    );
}
