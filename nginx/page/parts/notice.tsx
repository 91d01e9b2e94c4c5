import {useEffect, useSyncExternalStore} from 'react';
import type {ReactElement} from 'react';

import {Problem} from '../api/api';

interface Said {
    readonly text: string;
    readonly wrong: boolean;
}

const kLong = 6000; // ms; what went wrong stays until somebody closes it

let said: Said | null = null;
const listeners = new Set<() => void>();

function say(what: Said | null): void {
    said = what;
    for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** Tells the reader that something is done. */
export const notify = (text: string): void => say({text, wrong: false});
export const notifyWrong = (text: string): void => say({text, wrong: true});

/** Tells what went wrong with a change. */
export function notifyProblem(error: unknown): void {
    if (!(error instanceof Problem)) return notifyWrong(String(error));
    if (error.status === 412) {
        return notifyWrong('Somebody was faster, and nothing was changed. You see it as it is now; try again if you still want to.');
    }
    notifyWrong(error.requestId === null ? error.message : `${error.message} (request ${error.requestId})`);
}

/** Where the page says so, at its lower edge. */
export function Notices(): ReactElement {
    const current = useSyncExternalStore(listen, () => said);
    useEffect(() => {
        if (!current || current.wrong) return;
        const timer = setTimeout(() => say(null), kLong);
        return () => clearTimeout(timer);
    }, [current]);
    return (
        <div className="notices" role="status" aria-live="polite">
            {current && (
                <p className={current.wrong ? 'wrong' : ''}>
                    {current.text}{' '}
                    <button className="plain" onClick={() => say(null)}>
                        Close
                    </button>
                </p>
            )}
        </div>
    );
}
