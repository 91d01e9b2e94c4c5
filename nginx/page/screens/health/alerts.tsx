import type {AlertTarget} from 'schema';
import {useState} from 'react';
import type {ReactElement} from 'react';

import {change, useAnswer} from '../../api/answers';
import {useMayChange} from '../../api/session';
import {Text} from '../../parts/code';
import {Dialog} from '../../parts/dialog';
import {notify, notifyProblem} from '../../parts/notice';
import {Answered} from '../../parts/states';
import {Time} from '../../parts/time';
import {counted} from '../../text/numbers';
import {Deliveries} from './deliveries';
import {EditTarget} from './edit_target';
import {kEvents, kKinds} from './targets';

const kEvery = 10_000; // ms

type Asking = {readonly what: 'edit' | 'delete'; readonly target: AlertTarget} | {readonly what: 'new'};

/** Who is told what happens to issues, and whether that works. */
export function Alerts(): ReactElement {
    const targets = useAnswer('GET /api/alert-targets', {}, {every: kEvery});
    const mayChange = useMayChange();
    const [asking, setAsking] = useState<Asking | null>(null);
    const close = (): void => setAsking(null);
    return (
        <section aria-labelledby="alerts">
            <div className="title-bar">
                <h2 id="alerts">Alerts</h2>
                <span className="gap" />
                {mayChange && <button onClick={() => setAsking({what: 'new'})}>Add a target…</button>}
            </div>
            <Answered of={targets}>
                {(answer) =>
                    answer.targets.length === 0 ? (
                        <p className="quiet">Nobody is told of new and regressed issues. A target is a webhook, a channel of Slack or Mattermost, or mail.</p>
                    ) : (
                        <ul className="targets" aria-label="Alert targets">
                            {answer.targets.map((target) => (
                                <li key={target.id}>
                                    <Target
                                        target={target}
                                        {...(mayChange ? {ask: (what: 'edit' | 'delete') => setAsking({what, target})} : {})}
                                    />
                                </li>
                            ))}
                        </ul>
                    )
                }
            </Answered>
            {asking?.what === 'new' && <EditTarget close={close} />}
            {asking?.what === 'edit' && <EditTarget target={asking.target} close={close} />}
            {asking?.what === 'delete' && <Delete target={asking.target} close={close} />}
        </section>
    );
}

const kStates: Readonly<Record<AlertTarget['state'], readonly [string, string]>> = {
    ok: ['good', 'works'],
    failing: ['wrong', 'fails'],
    off: ['muted', 'switched off'],
    gone: ['wrong', 'switched off, as it answered that it is gone (410)'],
};

function Target({target, ask}: {target: AlertTarget; ask?: (what: 'edit' | 'delete') => void}): ReactElement {
    const [open, setOpen] = useState(false);
    const [colour, word] = kStates[target.state];
    const test = async (): Promise<void> => {
        try {
            await change('POST /api/alert-targets/{id}/test', {path: {id: target.id}});
            notify(`A test message to ${target.name} is on its way; what comes of it is among its deliveries.`);
            setOpen(true);
        } catch (error) {
            notifyProblem(error);
        }
    };
    const remove = (): void => {
        setOpen(false); // they go with it
        ask?.('delete');
    };
    return (
        <>
            <div className="title-bar">
                <b>{target.name}</b>
                <span className={`state ${colour}`}>{word}</span>
                <span className="quiet">
                    {kKinds[target.kind]} <Text>{target.address ?? target.to?.join(', ') ?? ''}</Text>
                </span>
                <span className="gap" />
                {ask && <button aria-label={`Send ${target.name} a test message`} onClick={() => void test()}>Test</button>}
                <button aria-expanded={open} aria-label={`Deliveries to ${target.name}`} onClick={() => setOpen(!open)}>
                    Deliveries
                </button>
                {ask && <button aria-label={`Change ${target.name}`} onClick={() => ask('edit')}>Change…</button>}
                {ask && <button aria-label={`Delete ${target.name}`} onClick={remove}>Delete…</button>}
            </div>
            <p className="quiet">
                {target.events.map((event) => kEvents[event]).join(', ')} · {target.models === null ? 'all models' : target.models.join(', ')}
                {target.min_devices > 0 && ` · from ${counted(target.min_devices, 'device')} on`}
                {target.waiting > 0 && ` · ${target.waiting} waiting`} · last delivered{' '}
                {target.last_delivered_at === null ? 'never' : <Time at={target.last_delivered_at} inWords />}
            </p>
            {target.failing_since !== null && (
                <p>
                    Fails since <Time at={target.failing_since} inWords />
                    {target.last_error !== null && (
                        <>
                            : <Text>{target.last_error}</Text>
                        </>
                    )}
                </p>
            )}
            {open && <Deliveries target={target} />}
        </>
    );
}

function Delete({target, close}: {target: AlertTarget; close: () => void}): ReactElement {
    const remove = async (): Promise<void> => {
        close();
        try {
            await change('DELETE /api/alert-targets/{id}', {path: {id: target.id}});
            notify(`${target.name} is told nothing any more.`);
        } catch (error) {
            notifyProblem(error);
        }
    };
    return (
        <Dialog title={`Delete ${target.name}?`} close={close}>
            <p>What still waits for it and the log of its deliveries go with it.</p>
            <div className="actions">
                <button onClick={close}>Cancel</button>
                <button className="main" onClick={() => void remove()}>
                    Delete
                </button>
            </div>
        </Dialog>
    );
}
