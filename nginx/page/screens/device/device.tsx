import type {CoredumpSummary, Device as DeviceAnswer} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer, useRows} from '../../api/answers';
import {useModels} from '../../api/models';
import {useTitle} from '../../app/page';
import {Link} from '../../app/router';
import {Text} from '../../parts/code';
import {Copy} from '../../parts/copy';
import {CoredumpTable} from '../../parts/coredump_table';
import {Answered} from '../../parts/states';
import {Time} from '../../parts/time';
import {addressOf} from '../../text/place';
import {DeviceIssues} from './device_issues';

type Of = {readonly coredumps: readonly CoredumpSummary[]};
const coredumpsOf = ({coredumps}: Of): readonly CoredumpSummary[] => coredumps;

/** One device: for support, with a customer on the phone. */
export function Device({id}: {id?: string}): ReactElement {
    const device = useAnswer('GET /api/devices/{id}', {path: {id: id ?? ''}});
    const coredumps = useRows('GET /api/devices/{device_id}/coredumps', {path: {device_id: id ?? ''}}, coredumpsOf);
    const name = device.answer?.device_name ?? device.answer?.key;
    useTitle(name === undefined ? 'Device' : `Device ${name}`);
    return (
        <Answered of={device}>
            {(answer) => (
                <>
                    <About device={answer} />
                    {coredumps.rows && coredumps.rows.length > 0 && (
                        <section>
                            <h2>What is wrong with it</h2>
                            <DeviceIssues coredumps={coredumps.rows} all={!coredumps.more} />
                        </section>
                    )}
                    <section>
                        <h2>Core dumps</h2>
                        <CoredumpTable coredumps={coredumps} label="Core dumps of this device" titles devices={false} />
                    </section>
                </>
            )}
        </Answered>
    );
}

function About({device}: {device: DeviceAnswer}): ReactElement {
    const model = useModels().ofId(device.device_model_id);
    return (
        <>
            <div className="title-bar">
                <h1>{device.device_name === null ? `Device ${device.key}` : <Text>{device.device_name}</Text>}</h1>
            </div>
            <dl className="about">
                <dt>Key</dt>
                <dd>
                    <span className="code">{device.key}</span> <Copy text={device.key} what="key" />
                </dd>
                <dt>Model</dt>
                <dd>
                    {model && (
                        <>
                            <Link to={addressOf('/devices', {model: model.code})}>{model.code}</Link> <Text>{model.name}</Text>
                        </>
                    )}
                </dd>
                <dt>Runs</dt>
                <dd>
                    {device.running_version === null ? (
                        <span className="quiet">unknown: it does not say</span>
                    ) : (
                        <>
                            <Text>{device.running_version}</Text>{' '}
                            <span className="quiet">
                                as it said <Time at={device.running_seen_at} inWords />
                            </span>
                        </>
                    )}
                </dd>
                <dt>Its model’s firmware</dt>
                <dd>{model?.firmware_version ? <Link to={addressOf('/firmware', {model: model.code})}>{model.firmware_version}</Link> : 'none yet'}</dd>
                <dt>Client</dt>
                <dd className="code">{device.client_id}</dd>
                <dt>Last core dump</dt>
                <dd>{device.last_coredump_at === null ? 'never' : <Time at={device.last_coredump_at} inWords />}</dd>
            </dl>
        </>
    );
}
