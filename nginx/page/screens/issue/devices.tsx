import type {IssueDetail} from 'schema';
import type {ReactElement} from 'react';

import {useRows} from '../../api/answers';
import {Link} from '../../app/router';
import {Table} from '../../parts/rows';
import {ErrorBox, Waiting} from '../../parts/states';
import {Time} from '../../parts/time';
import {grouped} from '../../text/numbers';

/** The devices that crashed with it. */
export function Devices({issue}: {issue: IssueDetail}): ReactElement {
    const devices = useRows('GET /api/issues/{issue}/devices', {path: {issue: issue.name}}, ({devices: rows}) => rows);
    const {rows, problem, more, loading, again} = devices;
    if (!rows) return problem ? <ErrorBox problem={problem} again={again} /> : <Waiting />;
    return (
        <Table
            rows={rows}
            more={more}
            loading={loading}
            {...(problem ? {problem} : {})}
            label={`Devices that crashed with ${issue.name}`}
            id={({id}) => id}
            head={
                <>
                    <th>Device</th>
                    <th className="right">Core dumps</th>
                    <th>Last seen</th>
                </>
            }
        >
            {({id, key, occurrences, last_seen}) => (
                <>
                    <td>{key === null ? <span className="quiet">deleted</span> : <Link to={`/devices/${id}`}>{key}</Link>}</td>
                    <td className="right">{grouped(occurrences)}</td>
                    <td>
                        <Time at={last_seen} />
                    </td>
                </>
            )}
        </Table>
    );
}
