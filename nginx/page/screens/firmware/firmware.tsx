import type {DeviceModel} from 'schema';
import {useState} from 'react';
import type {ReactElement} from 'react';

import {useModels} from '../../api/models';
import {useMayChange} from '../../api/session';
import {useTitle} from '../../app/page';
import {Link, usePlace} from '../../app/router';
import {Text} from '../../parts/code';
import {Count} from '../../parts/count';
import {Empty, ErrorBox, Waiting} from '../../parts/states';
import {addressOf} from '../../text/place';
import {Upload} from './upload';
import {Versions} from './versions';

const kMostAtOnce = 6; // models whose versions are shown below one another

/** What each version did to the fleet. */
export function Firmware(): ReactElement {
    const code = usePlace().query['model'];
    const models = useModels();
    useTitle('Firmware');
    if (models.problem) return <ErrorBox problem={models.problem} />;
    if (!models.all) return <Waiting />;
    const shown = code === undefined ? models.all : models.all.filter((model) => model.code === code);
    return (
        <>
            <div className="title-bar">
                <h1>Firmware</h1>
            </div>
            {shown.length === 0 && (
                <Empty title={code === undefined ? 'No device models.' : `There is no model ${code}.`}>
                    <pre className="code" tabIndex={0}>{`curl -d '{"code": "thermostat", "name": "Thermostat"}' ${location.origin}/api/device-models`}</pre>
                </Empty>
            )}
            {shown.length > kMostAtOnce ? <Models models={shown} /> : shown.map((model) => <OfModel key={model.id} model={model} />)}
        </>
    );
}

function OfModel({model}: {model: DeviceModel}): ReactElement {
    const mayChange = useMayChange();
    const [uploading, setUploading] = useState(false);
    return (
        <section aria-labelledby={`model-${model.id}`}>
            <div className="title-bar">
                <h2 id={`model-${model.id}`}>{model.code}</h2>
                <span className="quiet">
                    <Text>{model.name}</Text> · <Count of={model.device_count} one="device" to={addressOf('/devices', {model: model.code})} /> ·{' '}
                    {model.firmware_version === null ? 'no firmware yet' : `devices get ${model.firmware_version}`}
                </span>
                <span className="gap" />
                {mayChange && (
                    <button aria-label={`Upload firmware for ${model.code}`} onClick={() => setUploading(true)}>
                        Upload…
                    </button>
                )}
            </div>
            <Versions model={model} />
            {uploading && <Upload model={model} close={() => setUploading(false)} />}
        </section>
    );
}

/** Too many models to show what each of their versions did. */
const Models = ({models}: {models: readonly DeviceModel[]}): ReactElement => (
    <div className="table">
        <table aria-label="Device models">
            <thead>
                <tr>
                    <th scope="col">Model</th>
                    <th scope="col">Name</th>
                    <th scope="col">Devices get</th>
                    <th scope="col" className="right">
                        Devices
                    </th>
                </tr>
            </thead>
            <tbody>
                {models.map((model) => (
                    <tr key={model.id}>
                        <td>
                            <Link to={addressOf('/firmware', {model: model.code})}>{model.code}</Link>
                        </td>
                        <td>
                            <Text>{model.name}</Text>
                        </td>
                        <td>{model.firmware_version ?? '–'}</td>
                        <td className="right">
                            <Count of={model.device_count} to={addressOf('/devices', {model: model.code})} />
                        </td>
                    </tr>
                ))}
            </tbody>
        </table>
    </div>
);
