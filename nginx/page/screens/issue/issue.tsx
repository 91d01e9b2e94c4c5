import type {IssueDetail} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {useTitle} from '../../app/page';
import {Link, usePlace} from '../../app/router';
import {Answered} from '../../parts/states';
import {withQuery} from '../../text/place';
import {State} from '../../triage/state';
import {Title} from '../../parts/title';
import {Actions} from './actions';
import {Coredumps} from './coredumps';
import {Devices} from './devices';
import {Days, Figures, Versions} from './figures';
import {History} from './history';
import {Signatures} from './signatures';
import {Similar} from './similar';
import {Where} from './where';
import './style.css';

const kEvery = 60_000; // ms

/** One bug: how it stands, whom it hurts, where it is, and what was done about it. */
export function Issue({issue}: {issue?: string}): ReactElement {
    const detail = useAnswer('GET /api/issues/{issue}', {path: {issue: issue ?? ''}}, {every: kEvery});
    useTitle(issue ?? 'Issue');
    return <Answered of={detail}>{(answer) => <Detail issue={answer} />}</Answered>;
}

function Detail({issue}: {issue: IssueDetail}): ReactElement {
    return (
        <article className="issue">
            <header className="head">
                <div>
                    <p className="quiet">
                        <span className="name">{issue.name}</span> · <State of={issue} />
                        {issue.state === 'muted' && <MutedUntil of={issue} />}
                        {issue.ticket_url !== null && (
                            <>
                                {' · '}
                                <a href={issue.ticket_url} rel="noreferrer" target="_blank">
                                    ↗ {ticketName(issue.ticket_url)}
                                </a>
                            </>
                        )}
                    </p>
                    <h1>
                        <Title>{issue.title ?? issue.kind}</Title>
                    </h1>
                </div>
                <Actions issue={issue} />
            </header>
            {issue.merged_into !== null && (
                <p className="banner">
                    It is part of another issue now. <Link to={`/issues/${issue.merged_into}`}>Go there</Link>
                </p>
            )}
            <Figures issue={issue} />
            <div className="charts">
                <Days issue={issue} />
                <Versions issue={issue} />
            </div>
            <div className="columns">
                <Where issue={issue} />
                <History issue={issue} />
            </div>
            <Lists issue={issue} />
        </article>
    );
}

function MutedUntil({of: {mute}}: {of: IssueDetail}): ReactElement {
    if (mute === null) return <> for ever</>;
    if (mute.time !== undefined) return <> until {new Date(mute.time).toLocaleDateString('en-GB')}</>;
    if (mute.version_after !== undefined) return <> until it is seen in a version after {mute.version_after}</>;
    if (mute.devices !== undefined) return <> for {mute.devices} more devices</>;
    return <> for {mute.occurrences} more core dumps</>;
}

/** The last part of a ticket's URL: "TICKET-7". */
const ticketName = (url: string): string => url.replace(/[/?#]+$/, '').split('/').pop() ?? url;

const lists = [
    {name: 'coredumps', text: () => 'Core dumps', show: Coredumps},
    {name: 'devices', text: () => 'Devices', show: Devices},
    {name: 'signatures', text: ({signatures}: IssueDetail) => `Signatures (${signatures.length})`, show: Signatures},
    {name: 'similar', text: () => 'Similar', show: Similar},
] as const;

function Lists({issue}: {issue: IssueDetail}): ReactElement {
    const place = usePlace();
    const current = lists.find(({name}) => name === place.query['tab']) ?? lists[0];
    const Show = current.show;
    return (
        <section aria-label="Details">
            <nav className="tabs" aria-label="Details">
                {lists.map((list) => (
                    <Link
                        key={list.name}
                        to={withQuery(place, {tab: list.name, version: undefined})}
                        aria-current={list === current ? 'page' : undefined}
                    >
                        {list.text(issue)}
                    </Link>
                ))}
            </nav>
            <Show key={current.name} issue={issue} />
        </section>
    );
}
