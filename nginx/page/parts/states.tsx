import type {ReactElement, ReactNode} from 'react';

import type {Problem} from '../api/api';
import type {Shown} from '../api/answers';
import {Copy} from './copy';

/** A thin bar at the top of the page while something is fetched; style.css shows it after 300 ms. */
export const Waiting = (): ReactElement => <div className="waiting" role="progressbar" aria-label="Loading" />;

/** What went wrong: the API's sentence, the id that the server's log has, and another try. */
export function ErrorBox({problem, again}: {problem: Problem; again?: () => void}): ReactElement {
    return (
        <div className="error-box" role="alert">
            <p>{problem.message}</p>
            {problem.requestId !== null && (
                <p className="quiet">
                    Request <code>{problem.requestId}</code> <Copy text={problem.requestId} what="request id" />
                </p>
            )}
            {again && <button onClick={again}>Try again</button>}
        </div>
    );
}

/** Instead of a list of nothing: why there is nothing, and what to do. */
export const Empty = ({title, children}: {title: string; children?: ReactNode}): ReactElement => (
    <div className="empty">
        <p className="title">{title}</p>
        {children}
    </div>
);

/** Shows an answer when it is there. What is shown stays while the next one comes; an error stands above it. */
export function Answered<A>({of, children}: {of: Shown<A>; children: (answer: A) => ReactNode}): ReactElement {
    return (
        <>
            {of.loading && <Waiting />}
            {of.problem && <ErrorBox problem={of.problem} again={of.again} />}
            {of.answer !== undefined && children(of.answer)}
        </>
    );
}
