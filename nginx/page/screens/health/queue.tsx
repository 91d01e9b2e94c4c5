import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {Link} from '../../app/router';
import {Answered} from '../../parts/states';
import {Time} from '../../parts/time';
import {counted} from '../../text/numbers';
import {addressOf} from '../../text/place';

const kEvery = 10_000; // ms
const kMost = 100; // that are counted

/** Core dumps without a result: those that wait, and those that could not be decoded. */
export const Queue = (): ReactElement => (
    <div className="table">
        <table className="stacked" aria-label="Core dumps without a result">
            <tbody>
                <Row status="PENDING" name="Wait to be decoded" means="A runner takes them one after another." />
                <Row status="ERROR" name="Not decoded" means="Most want for the firmware that wrote them, and are decoded once it is uploaded." />
            </tbody>
        </table>
    </div>
);

function Row({status, name, means}: {status: 'PENDING' | 'ERROR'; name: string; means: string}): ReactElement {
    const coredumps = useAnswer('GET /api/coredumps', {query: {status, limit: kMost}}, {every: kEvery});
    return (
        <tr>
            <th scope="row" className="nowrap">{name}</th>
            <td className="nowrap">
                <Answered of={coredumps}>
                    {({coredumps: rows, next}) => (
                        <>
                            {rows.length === 0 ? 'none' : <Link to={addressOf('/coredumps', {status})}>{next === null ? counted(rows.length, 'core dump') : `${kMost}+ core dumps`}</Link>}
                            {rows[0] && (
                                <span className="quiet">
                                    {' '}
                                    · newest <Time at={rows[0].uploaded_at} inWords />
                                </span>
                            )}
                        </>
                    )}
                </Answered>
            </td>
            <td className="quiet wide">{means}</td>
        </tr>
    );
}
