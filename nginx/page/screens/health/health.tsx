import type {Health as HealthAnswer} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {useTitle} from '../../app/page';
import {Answered} from '../../parts/states';
import {Alerts} from './alerts';
import {checksOf} from './checks';
import {Queue} from './queue';
import './style.css';

const kEvery = 10_000; // ms
const kUnavailable = 503; // what /health answers then, with the same body

/** Whether core dumps arrive, are decoded and are kept. */
export function Health(): ReactElement {
    const health = useAnswer('GET /health', {also: kUnavailable}, {every: kEvery});
    useTitle('Health');
    return (
        <>
            <div className="title-bar">
                <h1>Health</h1>
                {health.answer?.version !== undefined && <span className="quiet">Coredepot {health.answer.version}</span>}
            </div>
            <Answered of={health}>{(answer) => <Checks health={answer} />}</Answered>
            <section>
                <h2>Decoding</h2>
                <Queue />
            </section>
            <Alerts />
        </>
    );
}

function Checks({health}: {health: HealthAnswer}): ReactElement {
    const words = {ok: 'Everything works.', degraded: 'Core dumps are taken, but something is amiss.', unavailable: 'Coredepot cannot work.'};
    const states = {ok: 'good', degraded: 'waits', unavailable: 'wrong'};
    return (
        <>
            <p className={`state ${states[health.status]}`} role="status">
                {words[health.status]}
            </p>
            {health.advice !== undefined && <p>{health.advice}</p>}
            <div className="table">
                <table className="stacked" aria-label="What is looked at">
                    <tbody>
                        {checksOf(health).map(({name, says, state, means}) => (
                            <tr key={name}>
                                <th scope="row" className="nowrap">{name}</th>
                                <td className={`state ${state} nowrap`}>{says}</td>
                                <td className="quiet wide">{means}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </>
    );
}
