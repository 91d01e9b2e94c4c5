import type {CoredumpDetail, IssueDetail} from 'schema';
import {useEffect, useState} from 'react';
import type {ReactElement} from 'react';

import {call} from '../../api/api';
import {useAnswer} from '../../api/answers';
import {Link} from '../../app/router';
import {Backtrace} from '../../parts/backtrace';
import {Code, Text} from '../../parts/code';
import {Answered} from '../../parts/states';
import {commonFacts} from '../../text/common';
import type {Fact} from '../../text/common';
import {isNull} from '../../text/frames';
import {counted, percent} from '../../text/numbers';

const kLooked = 10; // of its newest core dumps, for what they have in common

/** Where it happens, by the newest core dump, and what the newest ones have in common. */
export function Where({issue}: {issue: IssueDetail}): ReactElement {
    const newest = useAnswer('GET /api/issues/{issue}/coredumps', {
        path: {issue: issue.name},
        query: {status: 'PARSED', limit: kLooked},
    });
    const ids = newest.answer?.coredumps.map(({id}) => id) ?? [];
    const dump = useAnswer('GET /api/coredumps/{id}', ids[0] === undefined ? null : {path: {id: ids[0]}});
    return (
        <div>
            <section aria-label="Where">
                <h2>
                    Where{' '}
                    {ids[0] !== undefined && (
                        <span className="quiet">
                            in the newest, <Link to={`/coredumps/${ids[0]}`}>core dump {ids[0]}</Link>
                        </span>
                    )}
                </h2>
                {newest.answer && ids.length === 0 && <p className="quiet">None of its core dumps is kept.</p>}
                <Answered of={dump}>
                    {({report}) =>
                        report ? (
                            <>
                                {report.notes.map((note, i) => (
                                    <p key={i} className="note">
                                        <Text>{note}</Text>
                                    </p>
                                ))}
                                <Backtrace frames={report.backtrace} report={report} />
                            </>
                        ) : (
                            <p className="quiet">It has no report.</p>
                        )
                    }
                </Answered>
            </section>
            {ids.length > 0 && <Common ids={ids} />}
        </div>
    );
}

function Common({ids}: {ids: readonly number[]}): ReactElement {
    const dumps = useDumps(ids);
    const facts = commonFacts(dumps);
    return (
        <section aria-label="What its core dumps have in common">
            <h2>
                What its core dumps have in common <span className="quiet">of the last {dumps.length}</span>
            </h2>
            <ul className="facts">
                {facts.map((fact) => (
                    <li key={`${fact.name} ${fact.variable}`}>
                        <FactText of={fact} /> <span className="quiet">{percent(fact.have, fact.of)}</span>
                    </li>
                ))}
            </ul>
            {dumps.length > 0 && facts.length === 0 && <p className="quiet">Nothing that {counted(dumps.length, 'core dump')} would tell.</p>}
        </section>
    );
}

function FactText({of: {name, value, variable}}: {of: Fact}): ReactElement {
    if (!variable) {
        return (
            <>
                {name} <b><Text>{value}</Text></b>
            </>
        );
    }
    return (
        <>
            <Code>{name}</Code> = {isNull(value) ? <strong className="null"><Code>{value}</Code></strong> : <Code most={48}>{value}</Code>}
        </>
    );
}

/** Those core dumps, as far as they have come. One that cannot be had is left out. */
function useDumps(ids: readonly number[]): readonly CoredumpDetail[] {
    const [dumps, setDumps] = useState<readonly CoredumpDetail[]>([]);
    const key = ids.join();
    useEffect(() => {
        const abort = new AbortController();
        const asked = key.split(',').map((id) => call('GET /api/coredumps/{id}', {path: {id}, signal: abort.signal}));
        void Promise.allSettled(asked).then((answers) => {
            if (abort.signal.aborted) return;
            setDumps(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : [])));
        });
        return () => abort.abort();
    }, [key]);
    return dumps;
}
