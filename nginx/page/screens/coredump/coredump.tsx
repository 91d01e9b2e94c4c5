import type {CoredumpDetail} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {useTitle} from '../../app/page';
import {Link} from '../../app/router';
import {Backtrace} from '../../parts/backtrace';
import {Code, CodeBlock, Text} from '../../parts/code';
import {Copy} from '../../parts/copy';
import {Status} from '../../parts/coredump_table';
import {Answered} from '../../parts/states';
import {Time} from '../../parts/time';
import {bytes} from '../../text/numbers';
import {Title} from '../../parts/title';
import {Actions} from './actions';
import {Identity} from './identity';
import {Pending} from './pending';
import {Reason} from './reason';
import {Registers} from './registers';
import {Threads} from './threads';
import './style.css';

const kEvery = 2000; // ms, while it waits to be decoded

/** One crash of one device: why, where, and in which state everything was. */
export function Coredump({id}: {id?: string}): ReactElement {
    const dump = useAnswer('GET /api/coredumps/{id}', {path: {id: id ?? ''}});
    const waits = dump.answer?.parse_status === 'PENDING';
    useAnswer('GET /api/coredumps/{id}', {path: {id: id ?? ''}}, {every: waits ? kEvery : undefined});
    useTitle(`Core dump ${id ?? ''}`);
    return <Answered of={dump}>{(answer) => <Detail dump={answer} />}</Answered>;
}

/** Its name, if it has one, and its key. */
function Device({id}: {id: number}): ReactElement {
    const {answer} = useAnswer('GET /api/devices/{id}', {path: {id}});
    const name = answer?.device_name ?? null;
    return (
        <>
            <Link to={`/devices/${id}`}>{name === null ? `device ${answer?.key ?? id}` : <Text>{name}</Text>}</Link>
            {name !== null && <span className="quiet"> {answer?.key}</span>}
        </>
    );
}

function Detail({dump}: {dump: CoredumpDetail}): ReactElement {
    const {report} = dump;
    return (
        <article className="coredump">
            <header className="head">
                <div>
                    <p className="quiet">
                        Core dump {dump.id}
                        {dump.issue && (
                            <>
                                {' of '}
                                <Link to={`/issues/${dump.issue.name}`}>{dump.issue.name}</Link>
                            </>
                        )}
                        {dump.parse_status !== 'PARSED' && (
                            <>
                                {' · '}
                                <Status of={dump.parse_status} />
                            </>
                        )}
                    </p>
                    <h1>{dump.title === null ? `Core dump ${dump.id}` : <Title>{dump.title}</Title>}</h1>
                </div>
                <Actions dump={dump} />
            </header>
            <p className="figures">
                <span>
                    <Device id={dump.device_id} />
                </span>
                <span>
                    version <b>{dump.decoded_version ?? dump.firmware_version}</b>
                    {dump.decoded_version !== null && dump.decoded_version !== dump.firmware_version && (
                        <span className="state waits"> although it said {dump.firmware_version}</span>
                    )}
                </span>
                <span>
                    {dump.chip}
                    {report?.chip_revision && ` ${report.chip_revision}`}
                </span>
                <span>
                    <Time at={dump.uploaded_at} inWords />
                </span>
                <span className="quiet">{bytes(dump.size)}</span>
                {report && (
                    <span>
                        {report.elf_verified ? (
                            <span className="state good">ELF verified</span>
                        ) : (
                            <span className="state waits">ELF not verified: functions and lines may be wrong</span>
                        )}
                    </span>
                )}
            </p>
            {dump.parse_status === 'PENDING' && <Pending dump={dump} />}
            {dump.last_error !== null && dump.parse_status !== 'PENDING' && (
                <p className="note">
                    <span className="state waits">The last attempt failed:</span> <Text>{dump.last_error}</Text>
                </p>
            )}
            {report && (
                <>
                    <Reason report={report} />
                    <section>
                        <h2>
                            Backtrace{' '}
                            {report.crashed_task !== null && (
                                <span className="quiet">
                                    of the task <Code>{report.crashed_task}</Code>
                                </span>
                            )}
                        </h2>
                        <Backtrace frames={report.backtrace} report={report} openFirst />
                    </section>
                    <Threads report={report} />
                    {report.threads[0]?.crashed && (
                        <Registers name={`Registers of ${report.threads[0].name}`} of={report.threads[0].registers} />
                    )}
                    <Registers name="Special registers" of={report.special_registers} />
                    <Identity report={report} />
                </>
            )}
            {dump.parsed_output !== null && (
                <details className="text" open={report === null}>
                    <summary>
                        <h2>As plain text</h2>
                    </summary>
                    <p>
                        <Copy text={dump.parsed_output} what="the text">
                            Copy all of it
                        </Copy>
                    </p>
                    <CodeBlock>{dump.parsed_output}</CodeBlock>
                </details>
            )}
        </article>
    );
}
