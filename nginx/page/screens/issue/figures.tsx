import type {IssueDetail, ModelVersion} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {useModels} from '../../api/models';
import {Bars, Columns} from '../../parts/charts';
import type {Bar} from '../../parts/charts';
import {Count} from '../../parts/count';
import {Time} from '../../parts/time';
import {counted, grouped, percent} from '../../text/numbers';
import {addressOf} from '../../text/place';
import {daysOf} from '../../text/days';

/** What is known of the model's versions: who runs them. */
function useModelVersions(model: string): readonly ModelVersion[] {
    const id = useModels().ofCode(model)?.id;
    return useAnswer('GET /api/device-models/{id}/versions', id === undefined ? null : {path: {id}}).answer?.versions ?? [];
}

/** "312 devices of 18,400 that run 1.9.0 (1.7 %) · 1,204 core dumps, 86 kept · since 1.2.0 · last 4 min ago" */
export function Figures({issue}: {issue: IssueDetail}): ReactElement {
    const to = `/issues/${issue.name}`;
    const seen = useAnswer('GET /api/issues/{issue}/versions', {path: {issue: issue.name}}).answer?.versions ?? [];
    const last = seen[seen.length - 1];
    const running = useModelVersions(issue.model).find(({version}) => version === last?.version)?.running ?? 0;
    return (
        <p className="figures">
            <span>
                <Count of={issue.devices} one="device" to={addressOf(to, {tab: 'devices'})} />
                {last && running >= last.devices && running > 0 && (
                    <span className="quiet">
                        {' '}
                        ({grouped(last.devices)} of {grouped(running)} that run {last.version}, {percent(last.devices, running)})
                    </span>
                )}
            </span>
            <span>
                <Count of={issue.occurrences} one="core dump" to={addressOf(to, {tab: 'coredumps'})} />
                <span className="quiet">, {grouped(issue.kept)} kept</span>
                {issue.unverified > 0 && <span className="quiet">, {grouped(issue.unverified)} with an ELF that is not verified</span>}
            </span>
            {issue.first_version !== null && (
                <span>
                    since <b>{issue.first_version}</b>{' '}
                    <span className="quiet">
                        (<Time at={issue.first_seen} inWords />)
                    </span>
                </span>
            )}
            <span>
                last <Time at={issue.last_seen} inWords />
            </span>
        </p>
    );
}

const kDays = 60;

export function Days({issue}: {issue: IssueDetail}): ReactElement {
    const {answer} = useAnswer('GET /api/issues/{issue}/series', {path: {issue: issue.name}});
    const days = daysOf(answer?.days ?? [], new Date(), kDays);
    const most = Math.max(0, ...days.map(({value}) => value));
    return (
        <section>
            <h2>
                By day <span className="quiet">the last {kDays}, at most {grouped(most)}</span>
            </h2>
            <Columns className="days" columns={days} label={`Core dumps by day, the last ${kDays} days; at most ${most} a day`} />
        </section>
    );
}

const kShown = 8; // versions, the newest

export function Versions({issue}: {issue: IssueDetail}): ReactElement {
    const {answer} = useAnswer('GET /api/issues/{issue}/versions', {path: {issue: issue.name}});
    const known = useModelVersions(issue.model);
    const all = answer?.versions ?? [];
    const bars = all.slice(-kShown).map(({version, devices, occurrences}): Bar => {
        const running = known.find((one) => one.version === version)?.running ?? null;
        const share = running !== null && running >= devices && running > 0 ? ` of ${grouped(running)} (${percent(devices, running)})` : '';
        return {
            name: version,
            value: devices,
            text: `${counted(devices, 'device')}${share}, ${grouped(occurrences)}×`,
            to: addressOf(`/issues/${issue.name}`, {tab: 'coredumps', version}),
        };
    });
    return (
        <section>
            <h2>
                By version <span className="quiet">devices{all.length > kShown && `, the newest ${kShown} of ${all.length}`}</span>
            </h2>
            <Bars bars={bars} label="Devices by version" />
        </section>
    );
}
