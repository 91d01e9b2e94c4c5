import type {IssueDetail, IssueEvent} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {change, useRows} from '../../api/answers';
import {useMayChange} from '../../api/session';
import {Link} from '../../app/router';
import {Text} from '../../parts/code';
import {notifyProblem} from '../../parts/notice';
import {ErrorBox} from '../../parts/states';
import {Time} from '../../parts/time';
import {visibleLines} from '../../text/visible';

const kShown = 20;

/** What happened to the issue and what people said, newest first. */
export function History({issue}: {issue: IssueDetail}): ReactElement {
    const history = useRows('GET /api/issues/{issue}/history', {path: {issue: issue.name}}, ({history: rows}) => rows, {pageSize: kShown});
    const mayChange = useMayChange();
    return (
        <section aria-label="History">
            <h2>History</h2>
            {mayChange && <CommentForm issue={issue} />}
            {history.problem && <ErrorBox problem={history.problem} again={history.again} />}
            <ol className="history">
                {history.rows?.map((event, i) => (
                    <li key={`${event.at} ${i}`}>
                        <span className="quiet at">
                            <Time at={event.at} />
                        </span>
                        <div>
                            <Event of={event} />
                        </div>
                    </li>
                ))}
            </ol>
            {history.more && <button onClick={history.more}>Earlier</button>}
        </section>
    );
}

const kWords: Readonly<Record<string, string>> = {
    created: 'first seen',
    resolved: 'resolved',
    resolved_in_next: 'resolved in the next upload',
    fixed_in: 'is to be fixed',
    regressed: 'regressed',
    reopened: 'opened again',
    muted: 'muted',
    unmuted: 'no longer muted',
    merged: 'merged into',
    took_in: 'took in',
    split: 'split, as',
    split_from: 'split from',
    signature_adopted: 'a signature joined',
    ticket_linked: 'linked a ticket',
    commented: 'said',
};

function Event({of: {event, by, version, coredump_id, comment}}: {of: IssueEvent}): ReactElement {
    const who = by && (by.name ?? by.sub);
    const isComment = event === 'commented';
    return (
        <>
            {who !== null && (
                <>
                    <b>
                        <Text>{who}</Text>
                    </b>{' '}
                </>
            )}
            <span className={event === 'regressed' ? 'state regressed' : ''}>{kWords[event] ?? event.replaceAll('_', ' ')}</span>
            {version !== null && ` in ${version}`}
            {coredump_id !== null && (
                <>
                    {' by '}
                    <Link to={`/coredumps/${coredump_id}`}>core dump {coredump_id}</Link>
                </>
            )}
            {comment !== null && !isComment && (
                <>
                    {' '}
                    <Mention>{comment}</Mention>
                </>
            )}
            {isComment && <p className="comment" dir="auto">{visibleLines(comment ?? '')}</p>}
        </>
    );
}

/** An issue's name or id, or a ticket's URL, leads there. */
function Mention({children}: {children: string}): ReactElement {
    if (/^\d+$/.test(children)) return <Link to={`/issues/${children}`}>issue {children}</Link>;
    if (/^[A-Z0-9_]+-\d+$/.test(children)) return <Link to={`/issues/${children}`}>{children}</Link>;
    if (/^https?:\/\/[!-~]+$/.test(children)) {
        return (
            <a href={children} rel="noreferrer" target="_blank">
                {children}
            </a>
        );
    }
    return <Text>{children}</Text>;
}

const draftOf = (issue: IssueDetail): string => `coredepot.draft.${issue.name}`;

/** A draft outlives a login that comes in between. */
function CommentForm({issue}: {issue: IssueDetail}): ReactElement {
    const [text, setText] = useState(() => sessionStorage.getItem(draftOf(issue)) ?? '');
    const write = (draft: string): void => {
        setText(draft);
        if (draft === '') sessionStorage.removeItem(draftOf(issue));
        else sessionStorage.setItem(draftOf(issue), draft);
    };
    const send = async (event: FormEvent): Promise<void> => {
        event.preventDefault();
        try {
            await change('POST /api/issues/{issue}/comments', {path: {issue: issue.name}, body: {comment: text.trim()}});
            write('');
        } catch (error) {
            notifyProblem(error);
        }
    };
    return (
        <form className="comment-form" onSubmit={(event) => void send(event)}>
            <textarea aria-label="Comment" placeholder="Comment" rows={text === '' ? 1 : 4} maxLength={10000} value={text} onChange={(event) => write(event.target.value)} />
            {text.trim() !== '' && <button className="main">Comment</button>}
        </form>
    );
}
