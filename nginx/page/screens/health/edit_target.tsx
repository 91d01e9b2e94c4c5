import type {AlertEvent, AlertKind, AlertTarget} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {change} from '../../api/answers';
import {Problem} from '../../api/api';
import {useModels} from '../../api/models';
import {Copy} from '../../parts/copy';
import {Dialog} from '../../parts/dialog';
import {notify} from '../../parts/notice';
import {ErrorBox} from '../../parts/states';
import {kEvents, kKinds, newSecret} from './targets';

const kAsNew: readonly AlertEvent[] = ['issue.created', 'issue.regressed', 'issue.unmuted', 'issue.spike'];
const kinds = Object.keys(kKinds) as AlertKind[];
const events = Object.keys(kEvents) as AlertEvent[];
const listed = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** Asks for a new target, or for changes of one. What it is sent to and its secret are not shown again, so an empty
 *  field leaves them as they are. */
export function EditTarget({target, close}: {target?: AlertTarget; close: () => void}): ReactElement {
    const models = useModels();
    const [kind, setKind] = useState<AlertKind>(target?.kind ?? 'webhook');
    const [name, setName] = useState(target?.name ?? '');
    const [url, setUrl] = useState('');
    const [to, setTo] = useState(target?.to?.join(', ') ?? '');
    const [secret, setSecret] = useState(() => (target ? '' : newSecret()));
    const [told, setTold] = useState<readonly AlertEvent[]>(target?.events ?? kAsNew);
    const [model, setModel] = useState<readonly string[]>(target?.models ?? []);
    const [devices, setDevices] = useState(String(target?.min_devices ?? 0));
    const [enabled, setEnabled] = useState(target?.enabled ?? true);
    const [problem, setProblem] = useState<Problem | null>(null);
    const send = async (event: FormEvent): Promise<void> => {
        event.preventDefault();
        const common = {name: name.trim(), events: told, models: model.length === 0 ? null : model, min_devices: Number(devices), enabled};
        const where = kind === 'mail' ? {to: listed(to)} : url === '' ? {} : {url: url.trim()};
        const signed = kind === 'webhook' && secret !== '' ? {secret: secret.trim()} : {};
        try {
            if (target) await change('PATCH /api/alert-targets/{id}', {path: {id: target.id}, body: {...common, ...where, ...signed}});
            else await change('POST /api/alert-targets', {body: {...common, ...where, ...signed, kind}});
            notify(target ? `${common.name} is changed.` : `${common.name} is told from now on. Send it a test message.`);
            close();
        } catch (error) {
            setProblem(error instanceof Problem ? error : new Problem(String(error), 0, null));
        }
    };
    const toggle = (event: AlertEvent): void => setTold(told.includes(event) ? told.filter((one) => one !== event) : [...told, event]);
    return (
        <Dialog title={target ? `Change ${target.name}` : 'Add an alert target'} close={close}>
            <form className="fields" onSubmit={(event) => void send(event)}>
                <label>
                    Name <input type="text" required maxLength={100} pattern="[ -~]+" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
                </label>
                {!target && (
                    <label>
                        Kind{' '}
                        <select value={kind} onChange={(event) => setKind(event.target.value as AlertKind)}>
                            {kinds.map((one) => (
                                <option key={one} value={one}>
                                    {kKinds[one]}
                                </option>
                            ))}
                        </select>
                    </label>
                )}
                {kind === 'mail' ? (
                    <label>
                        To <input type="text" required placeholder="team@example.com, oncall@example.com" value={to} onChange={(event) => setTo(event.target.value)} />
                    </label>
                ) : (
                    <label>
                        URL{' '}
                        <input
                            type="url"
                            required={!target}
                            placeholder={target ? `${target.address ?? ''} (unchanged)` : 'https://'}
                            value={url}
                            onChange={(event) => setUrl(event.target.value)}
                        />
                    </label>
                )}
                {kind === 'webhook' && (
                    <label>
                        Secret{' '}
                        <span className="with-button">
                            <input
                                type="text"
                                required={!target}
                                pattern="whsec_[A-Za-z0-9+\/]{32,84}={0,2}"
                                placeholder={target ? 'unchanged' : ''}
                                value={secret}
                                onChange={(event) => setSecret(event.target.value)}
                            />
                            {secret === '' ? (
                                <button type="button" onClick={() => setSecret(newSecret())}>
                                    New
                                </button>
                            ) : (
                                <Copy text={secret} what="secret" />
                            )}
                        </span>
                        <small className="quiet">Copy it to the receiver, which checks signatures with it. It is not shown again.</small>
                    </label>
                )}
                <fieldset>
                    <legend>It is told of</legend>
                    {events.map((event) => (
                        <label key={event} className="choice">
                            <input type="checkbox" checked={told.includes(event)} onChange={() => toggle(event)} /> {kEvents[event]}
                        </label>
                    ))}
                </fieldset>
                <label>
                    Models{' '}
                    <select multiple size={3} value={[...model]} onChange={(event) => setModel([...event.target.selectedOptions].map(({value}) => value))}>
                        {models.all?.map(({code}) => (
                            <option key={code} value={code}>
                                {code}
                            </option>
                        ))}
                    </select>
                    <small className="quiet">None chosen: all.</small>
                </label>
                <label>
                    Devices at least{' '}
                    <input type="number" min={0} max={1_000_000_000} value={devices} onChange={(event) => setDevices(event.target.value)} />
                </label>
                <label className="choice">
                    <input type="checkbox" checked={enabled} onChange={() => setEnabled(!enabled)} /> Switched on
                </label>
                {problem && <ErrorBox problem={problem} />}
                <div className="actions">
                    <button type="button" onClick={close}>
                        Cancel
                    </button>
                    <button className="main" disabled={told.length === 0}>
                        {target ? 'Save' : 'Add'}
                    </button>
                </div>
            </form>
        </Dialog>
    );
}
