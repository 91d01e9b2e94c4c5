import type {Device} from 'schema';
import {useEffect, useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {useRows} from '../../api/answers';
import {useModels} from '../../api/models';
import {useTitle} from '../../app/page';
import {goQuery, Link, usePlace} from '../../app/router';
import {Text} from '../../parts/code';
import {Table} from '../../parts/rows';
import {Empty, ErrorBox, Waiting} from '../../parts/states';
import {Time} from '../../parts/time';

type Of = {readonly devices: readonly Device[]};
const devicesOf = ({devices}: Of): readonly Device[] => devices;
const kShortest = 3; // letters of a search, as the API has it

/** All devices, or those of a model, or those whose key or name has some letters in it. */
export function Devices(): ReactElement {
    const {query} = usePlace();
    const models = useModels();
    const q = query['q'] ?? '';
    const code = query['model'];
    const model = models.ofCode(code);
    useTitle('Devices');
    const unknown = code !== undefined && models.all !== undefined && !model;
    const asked = code === undefined || model !== undefined;
    const devices = useRows(
        'GET /api/devices',
        asked ? {query: {...(q === '' ? {} : {q}), ...(model ? {device_model_id: model.id} : {})}} : null,
        devicesOf,
    );
    return (
        <>
            <div className="title-bar">
                <h1>Devices</h1>
                <Search q={q} />
            </div>
            {devices.rows && devices.rows.length > 0 && (
                <Table rows={devices.rows} label="Devices" id={({id}) => id} more={devices.more} loading={devices.loading} head={<Head />}>
                    {(device) => (
                        <>
                            <td>
                                <Link to={`/devices/${device.id}`}>
                                    {device.device_name === null ? <span className="code">{device.key}</span> : <Text>{device.device_name}</Text>}
                                </Link>
                            </td>
                            <td className="code optional">{device.key}</td>
                            <td>{models.ofId(device.device_model_id)?.code}</td>
                            <td>{device.running_version === null ? <span className="quiet">unknown</span> : <Text>{device.running_version}</Text>}</td>
                            <td>
                                <Time at={device.last_coredump_at} />
                            </td>
                        </>
                    )}
                </Table>
            )}
            {!devices.rows && devices.loading && asked && <Waiting />}
            {devices.problem && <ErrorBox problem={devices.problem} again={devices.again} />}
            {unknown && <Empty title={`There is no model ${code}.`} />}
            {devices.rows?.length === 0 && !devices.loading && <None q={q} />}
        </>
    );
}

const Head = (): ReactElement => (
    <>
        <th scope="col">Device</th>
        <th scope="col" className="optional">
            Key
        </th>
        <th scope="col">Model</th>
        <th scope="col">Runs</th>
        <th scope="col">Last core dump</th>
    </>
);

function Search({q}: {q: string}): ReactElement {
    const [text, setText] = useState(q);
    const [short, setShort] = useState(false);
    useEffect(() => setText(q), [q]);
    const search = (event: FormEvent): void => {
        event.preventDefault();
        const wanted = text.trim();
        const tooShort = wanted !== '' && [...wanted].length < kShortest;
        setShort(tooShort);
        if (!tooShort) goQuery({q: wanted});
    };
    return (
        <form role="search" aria-label="Devices" className="inline" onSubmit={search}>
            <input
                type="search"
                aria-label="Key or name of a device"
                placeholder="Key or name"
                aria-invalid={short}
                value={text}
                onChange={(event) => setText(event.target.value)}
            />
            <button>Find</button>
            {short && <span role="status">Three letters at least</span>}
        </form>
    );
}

const None = ({q}: {q: string}): ReactElement =>
    q === '' ? (
        <Empty title="No devices.">
            <p>An admin registers them, and each gets a key that it sends its core dumps with:</p>
            <pre className="code" tabIndex={0}>{`curl -d '{"device_model_id": 1, "device_name": "Kitchen"}' ${location.origin}/api/devices`}</pre>
        </Empty>
    ) : (
        <Empty title="No device has that in its key or name.">
            <Link to="/devices">All devices</Link>
        </Empty>
    );
