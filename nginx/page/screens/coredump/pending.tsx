import type {CoredumpDetail} from 'schema';
import type {ReactElement} from 'react';

import {Text} from '../../parts/code';
import {Time, useNow} from '../../parts/time';
import {counted} from '../../text/numbers';

/** What a core dump waits for. The screen refreshes itself until it is decoded. */
export function Pending({dump: {lease, attempts, next_attempt_at, last_error, firmware_version}}: {dump: CoredumpDetail}): ReactElement {
    const now = useNow();
    const pauses = next_attempt_at !== null && new Date(next_attempt_at) > now;
    return (
        <div className="note" role="status">
            {lease ? (
                <p>
                    <Text>{lease.holder}</Text> decodes it at this moment.
                </p>
            ) : pauses ? (
                <p>
                    It waits for its next attempt, <Time at={next_attempt_at} inWords />, after {counted(attempts, 'failed attempt')}.
                </p>
            ) : (
                <p>It waits to be decoded. This page shows it as soon as it is.</p>
            )}
            {last_error !== null && (
                <p>
                    The last attempt failed: <Text>{last_error}</Text>
                </p>
            )}
            <p className="quiet">
                Without the firmware of version {firmware_version} it goes on waiting: a pipeline may upload it, or you on the screen Firmware.
            </p>
        </div>
    );
}
