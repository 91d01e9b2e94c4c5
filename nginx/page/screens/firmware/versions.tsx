import type {DeviceModel, ModelVersion} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {Link} from '../../app/router';
import {Count} from '../../parts/count';
import {Answered} from '../../parts/states';
import {Time} from '../../parts/time';
import {grouped, percent} from '../../text/numbers';
import {addressOf} from '../../text/place';

/** The versions of a model, the newest first. */
export function Versions({model}: {model: DeviceModel}): ReactElement {
    const versions = useAnswer('GET /api/device-models/{id}/versions', {path: {id: model.id}});
    return (
        <Answered of={versions}>
            {(answer) =>
                answer.versions.length === 0 ? (
                    <p className="quiet">No version yet. Core dumps are decoded once the firmware that wrote them is here.</p>
                ) : (
                    <div className="table">
                        <table aria-label={`Versions of ${model.code}`}>
                            <Head />
                            <tbody>
                                {[...answer.versions].reverse().map((version) => (
                                    <Row key={version.version} model={model} version={version} />
                                ))}
                            </tbody>
                        </table>
                        {answer.versions.every(({running}) => running === null) && (
                            <p className="quiet">
                                No device says what it runs, so nobody knows how many run a version without a crash. Devices say it with{' '}
                                <code>GET /api/iot/firmware-version?running=…</code>
                            </p>
                        )}
                    </div>
                )
            }
        </Answered>
    );
}

const Head = (): ReactElement => (
    <thead>
        <tr>
            <th scope="col">Version</th>
            <th scope="col">Uploaded</th>
            <th scope="col" className="right">
                Run it
            </th>
            <th scope="col" className="right" title="Devices that run it and never crashed with it, of those that run it">
                Crash-free
            </th>
            <th scope="col" className="right" title="Devices that ever crashed with it">
                Crashed
            </th>
            <th scope="col" className="right">
                Core dumps
            </th>
            <th scope="col" className="right">
                New issues
            </th>
            <th scope="col" className="right">
                Regressed
            </th>
            <th scope="col" className="right">
                Fixed
            </th>
            <th scope="col" className="apart" title="Core dumps that cannot be decoded until its bundle is uploaded">
                Waiting
            </th>
        </tr>
    </thead>
);

function Row({model, version: of}: {model: DeviceModel; version: ModelVersion}): ReactElement {
    const here = {model: model.code, version: of.version};
    const issues = addressOf('/', {...here, tab: 'all'});
    return (
        <tr>
            <th scope="row">
                <Link to={issues} title="Issues seen in it">
                    {of.version}
                </Link>
                {of.version === model.firmware_version && <small className="quiet"> current</small>}
            </th>
            <td className="nowrap">{of.uploaded_at === null ? <span className="state waits">not uploaded</span> : <Time at={of.uploaded_at} />}</td>
            <td className="right">{of.running === null ? '–' : grouped(of.running)}</td>
            <td className="right nowrap">{of.running === null || of.crash_free === null ? 'unknown' : percent(of.crash_free, of.running)}</td>
            <td className="right">{counted(of.devices)}</td>
            <td className="right">{of.occurrences === 0 ? counted(0) : <Count of={of.occurrences} to={addressOf('/coredumps', here)} />}</td>
            <td className="right">{marked(of.new_issues, 'new')}</td>
            <td className="right">{marked(of.regressed_issues, 'regressed')}</td>
            <td className="right">{marked(of.fixed_issues, 'resolved')}</td>
            <td className="apart">
                {of.waiting > 0 && (
                    <>
                        <Count of={of.waiting} to={addressOf('/coredumps', {...here, status: 'ERROR'})} />{' '}
                        <span className="state waits">need its bundle</span>
                    </>
                )}
            </td>
        </tr>
    );
}

const counted = (number: number): ReactElement | string => (number === 0 ? <span className="quiet">0</span> : grouped(number));

/** In the colour of the state that the column's head names. */
const marked = (number: number, state: string): ReactElement | string =>
    number === 0 ? counted(0) : <span className={`state ${state}`}>{grouped(number)}</span>;
