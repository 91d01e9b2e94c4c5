import type {CoredumpSummary} from 'schema';
import type {ReactElement} from 'react';

import type {Rows} from '../api/answers';
import {Link} from '../app/router';
import {bytes} from '../text/numbers';
import {visible} from '../text/visible';
import {Title} from './title';
import {Table} from './rows';
import {Empty, ErrorBox, Waiting} from './states';
import {Time} from './time';

const kStatus = {PENDING: 'waits', PARSED: 'decoded', ERROR: 'not decoded'} as const;
const kColour = {PENDING: 'waits', PARSED: '', ERROR: 'wrong'} as const;

/** Where a core dump stands. */
export const Status = ({of}: {of: CoredumpSummary['parse_status']}): ReactElement => (
    <span className={kColour[of] && `state ${kColour[of]}`}>{kStatus[of]}</span>
);

interface Props {
    readonly coredumps: Rows<CoredumpSummary>;
    readonly label: string;
    /** They are not all of one issue. */
    readonly titles?: boolean;
    /** They are not all of one device. */
    readonly devices?: boolean;
}

/** Core dumps, each with what it says of itself. */
export function CoredumpTable({coredumps, label, titles = false, devices = true}: Props): ReactElement {
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
                    <th scope="col">Core dump</th>
                    {titles && <th scope="col">What happened</th>}
                    <th scope="col">Uploaded</th>
                    {devices && (
                        <th scope="col" className={titles ? 'optional' : ''}>
                            Device
                        </th>
                    )}
                    <th scope="col">Version</th>
                    <th scope="col" className="optional">
                        Chip
                    </th>
                    <th scope="col" className="right optional">
                        Size
                    </th>
                    {!titles && <th scope="col">Status</th>}
                </>
            }
        >
            {(dump) => (
                <>
                    <td>
                        <Link to={`/coredumps/${dump.id}`}>{dump.id}</Link>
                    </td>
                    {titles && (
                        <td className="wide">
                            {dump.title === null ? <Status of={dump.parse_status} /> : <Title brief>{dump.title}</Title>}
                        </td>
                    )}
                    <td className="nowrap">
                        <Time at={dump.uploaded_at} />
                    </td>
                    {devices && (
                        <td className={titles ? 'nowrap optional' : 'nowrap'}>
                            <Link to={`/devices/${dump.device_id}`}>device {dump.device_id}</Link>
                        </td>
                    )}
                    <td>{visible(dump.firmware_version)}</td>
                    <td className="optional">{dump.chip}</td>
                    <td className="right nowrap optional">{bytes(dump.size)}</td>
                    {!titles && (
                        <td>
                            <Status of={dump.parse_status} />
                        </td>
                    )}
                </>
            )}
        </Table>
    );
}
