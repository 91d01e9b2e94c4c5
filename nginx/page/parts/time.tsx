import {useSyncExternalStore} from 'react';
import type {ReactElement} from 'react';

import {ago, agoInWords, exact} from '../text/time';

const kEvery = 30_000; // ms

let now = new Date();
const listeners = new Set<() => void>();
setInterval(() => {
    if (document.hidden) return;
    now = new Date();
    for (const listener of listeners) listener();
}, kEvery);

function listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** The clock of all that says "4 min". */
export const useNow = (): Date => {
    const ticked = useSyncExternalStore(listen, () => now);
    return listeners.size > 0 ? ticked : new Date();
};

/** A time of the API: how long ago, and on hover exactly, in the reader's zone and in UTC. */
export function Time({at, inWords = false}: {at: string | null; inWords?: boolean}): ReactElement {
    const clock = useNow();
    if (at === null) return <span className="quiet">–</span>;
    const time = new Date(at);
    const later = clock < time && time.getTime() - clock.getTime() < 2 * kEvery ? time : clock;
    return (
        <time dateTime={at} title={exact(time)}>
            {(inWords ? agoInWords : ago)(time, later)}
        </time>
    );
}
