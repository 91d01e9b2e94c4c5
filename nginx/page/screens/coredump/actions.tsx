import type {CoredumpDetail} from 'schema';
import type {ReactElement} from 'react';

import {change} from '../../api/answers';
import {useMayChange} from '../../api/session';
import {notify, notifyProblem} from '../../parts/notice';
import {Time} from '../../parts/time';

/** Download, and for admins to decode it again. */
export function Actions({dump}: {dump: CoredumpDetail}): ReactElement {
    const mayChange = useMayChange();
    const path = {device_id: dump.device_id, id: dump.id};
    const reparse = async (): Promise<void> => {
        try {
            await change('POST /api/devices/{device_id}/coredumps/{id}/reparse', {path});
            notify('It is back in the queue.');
        } catch (error) {
            notifyProblem(error);
        }
    };
    if (dump.file_expired_at !== null) {
        return (
            <p>
                Its file went <Time at={dump.file_expired_at} inWords /> to make room for others. What was decoded stays.
            </p>
        );
    }
    return (
        <div className="actions" role="toolbar" aria-label="Actions">
            <a className="button" href={`/api/devices/${path.device_id}/coredumps/${path.id}/download`} download>
                Download
            </a>
            {mayChange && dump.parse_status !== 'PENDING' && <button onClick={() => void reparse()}>Decode again</button>}
        </div>
    );
}
