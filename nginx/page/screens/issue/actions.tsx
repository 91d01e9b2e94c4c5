import type {IssueDetail} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {useMayChange} from '../../api/session';
import {useKeys} from '../../app/keys';
import {Dialog} from '../../parts/dialog';
import {changeIssues} from '../../triage/changes';
import {Merge} from '../../triage/merge';
import {Mute} from '../../triage/mute';
import {Resolve} from '../../triage/resolve';

/** A question to the reader, about the issue as it was seen when the question came up. So a change that somebody else
 *  makes meanwhile is noticed, although the screen refreshes itself. */
interface Asking {
    readonly what: 'resolve' | 'mute' | 'merge' | 'ticket';
    readonly issue: IssueDetail;
}

/** What one can do with the issue in its state. Viewers can do nothing. */
export function Actions({issue}: {issue: IssueDetail}): ReactElement | null {
    const mayChange = useMayChange() && issue.state !== 'merged';
    const [asking, setAsking] = useState<Asking | null>(null);
    const ask = (what: Asking['what']): void => setAsking({what, issue});
    const isResolved = issue.state === 'resolved';
    const reopen = (): void => void changeIssues([issue], {state: 'open'});
    useKeys(
        mayChange
            ? [
                  ...(isResolved ? [] : [{keys: 'e', does: 'resolve', run: () => ask('resolve')}]),
                  ...(isResolved ? [] : [{keys: 'm', does: 'mute', run: () => ask('mute')}]),
                  ...(issue.state === 'open' ? [] : [{keys: 'o', does: 'open again', run: reopen}]),
              ]
            : [],
    );
    if (!mayChange) return null;
    const close = (): void => setAsking(null);
    return (
        <div className="actions" role="toolbar" aria-label="Actions">
            {!isResolved && (
                <button className="main" onClick={() => ask('resolve')}>
                    Resolve…
                </button>
            )}
            {!isResolved && <button onClick={() => ask('mute')}>Mute…</button>}
            {issue.state !== 'open' && <button onClick={reopen}>Open again</button>}
            <button onClick={() => ask('merge')}>Merge…</button>
            <button onClick={() => ask('ticket')}>{issue.ticket_url === null ? 'Link a ticket…' : 'Ticket…'}</button>
            {asking?.what === 'resolve' && <Resolve issues={[asking.issue]} close={close} />}
            {asking?.what === 'mute' && <Mute issues={[asking.issue]} close={close} />}
            {asking?.what === 'merge' && <Merge issue={asking.issue} close={close} />}
            {asking?.what === 'ticket' && <Ticket issue={asking.issue} close={close} />}
        </div>
    );
}

function Ticket({issue, close}: {issue: IssueDetail; close: () => void}): ReactElement {
    const [url, setUrl] = useState(issue.ticket_url ?? '');
    const link = (event: FormEvent): void => {
        event.preventDefault();
        close();
        void changeIssues([issue], {ticket_url: url.trim() === '' ? null : url.trim()});
    };
    return (
        <Dialog title="Its ticket elsewhere" close={close}>
            <form className="inline" onSubmit={link}>
                <input
                    type="url"
                    aria-label="Address of the ticket; empty for none"
                    placeholder="https://…"
                    pattern="https?://.*"
                    autoFocus
                    value={url}
                    onChange={(event) => setUrl(event.target.value)}
                />
                <button className="main">Save</button>
                <button type="button" onClick={close}>
                    Cancel
                </button>
            </form>
        </Dialog>
    );
}
