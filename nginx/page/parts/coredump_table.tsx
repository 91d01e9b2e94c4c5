import type {CoredumpSummary} from 'schema';
import type {ReactElement} from 'react';

import type {Rows} from '../api/answers';
import {Link} from '../app/router';
import {bytes} from '../text/numbers';
import {Title} from '../triage/title';
import {Table} from './rows';
import {Empty, ErrorBox, Waiting} from './states';
import {Time} from './time';

const kStatus = {PENDING: 'waits', PARSED: 'decoded', ERROR: 'not decoded'} as const;
const kColour = {PENDING: 'waits', PARSED: '', ERROR: 'wrong'} as const;

/** Where a core dump stands. */
export const Status = ({of}: {of: CoredumpSummary['parse_status']}): ReactElement => (
    <span className={kColour[of] && `state ${kColour[of]}`}>{kStatus[of]}</span>
);

/** Core dumps, each with what it says of itself. */
export function CoredumpTable({coredumps, label, titles = false}: {coredumps: Rows<CoredumpSummary>; label: string; titles?: boolean}): ReactElement {
    const {rows, problem, more, loading, again} = coredumps;
    if (!rows) return problem ? <ErrorBox problem={problem} again={again} /> : <Waiting />;
    if (rows.length === 0) return <Empty title="No core dumps." />;
    return (
        <Table
            rows={rows}
            more={more}
            loading={loading}
            {...(problem ? {problem} : {})}
            label={label}
            id={({id}) => id}
            head={
                <>
                    <th>Core dump</th>
                    <th>Uploaded</th>
                    <th>Device</th>
                    <th>Version</th>
                    <th>Chip</th>
                    <th className="right">Size</th>
                    {titles ? <th>What</th> : <th>Status</th>}
                </>
            }
        >
            {(dump) => (
                <>
                    <td>
                        <Link to={`/coredumps/${dump.id}`}>{dump.id}</Link>
                    </td>
                    <td>
                        <Time at={dump.uploaded_at} />
                    </td>
                    <td>
                        <Link to={`/devices/${dump.device_id}`}>device {dump.device_id}</Link>
                    </td>
                    <td>{dump.firmware_version}</td>
                    <td>{dump.chip}</td>
                    <td className="right">{bytes(dump.size)}</td>
                    <td>{titles && dump.title !== null ? <Title>{dump.title}</Title> : <Status of={dump.parse_status} />}</td>
                </>
            )}
        </Table>
    );
}
