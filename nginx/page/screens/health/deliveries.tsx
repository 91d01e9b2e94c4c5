import type {AlertDelivery, AlertTarget} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {Link} from '../../app/router';
import {CodeBlock, Text} from '../../parts/code';
import {Answered} from '../../parts/states';
import {Time} from '../../parts/time';

const kEvery = 3000; // ms; one waits for what comes of a test
const kShown = 20;

const kOutcomes: Readonly<Record<AlertDelivery['outcome'], readonly [string, string]>> = {
    delivered: ['good', 'delivered'],
    retry: ['waits', 'failed, will be tried again'],
    given_up: ['wrong', 'given up'],
    switched_off: ['wrong', 'gone: switched the target off'],
};

/** What came of telling a target, newest first. */
export function Deliveries({target}: {target: AlertTarget}): ReactElement {
    const deliveries = useAnswer('GET /api/alert-targets/{id}/deliveries', {path: {id: target.id}, query: {limit: kShown}}, {every: kEvery});
    return (
        <Answered of={deliveries}>
            {(answer) =>
                answer.deliveries.length === 0 ? (
                    <p className="quiet">Nothing was sent yet.</p>
                ) : (
                    <div className="table">
                        <table className="stacked" aria-label={`Deliveries to ${target.name}`}>
                            <tbody>
                                {answer.deliveries.map((delivery) => (
                                    <Row key={delivery.id} delivery={delivery} />
                                ))}
                            </tbody>
                        </table>
                    </div>
                )
            }
        </Answered>
    );
}

function Row({delivery: {at, event, issues, attempt, outcome, status, ms, error, answer}}: {delivery: AlertDelivery}): ReactElement {
    const [colour, word] = kOutcomes[outcome];
    return (
        <tr>
            <td className="nowrap">
                <Time at={at} />
            </td>
            <td className="nowrap">
                {event}
                {attempt > 1 && <span className="quiet"> attempt {attempt}</span>}
            </td>
            <td>
                {issues.map((name, i) => (
                    <span key={name}>
                        {i > 0 && ', '}
                        <Link to={`/issues/${name}`}>{name}</Link>
                    </span>
                ))}
            </td>
            <td className={`state ${colour} nowrap`}>{word}</td>
            <td className="wide quiet">
                {status !== null && `${status} · `}
                {ms} ms
                {error !== null && (
                    <>
                        {' · '}
                        <Text>{error}</Text>
                    </>
                )}
                {answer !== null && answer !== '' && (
                    <details>
                        <summary>its answer</summary>
                        <CodeBlock>{answer}</CodeBlock>
                    </details>
                )}
            </td>
        </tr>
    );
}
