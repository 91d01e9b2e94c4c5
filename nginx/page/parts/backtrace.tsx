import type {CrashReport, Frame, Variable} from 'schema';
import {useState} from 'react';
import type {ReactElement} from 'react';

import {isKnown, isNull, runsOf} from '../text/frames';
import type {Run} from '../text/frames';
import {address, counted} from '../text/numbers';
import {fileName} from '../text/title';
import {Code} from './code';
import {Copy} from './copy';

type Of = {
    frames: readonly Frame[];
    /** What the crash is told by; null: of another task than the crashed one. */
    report: CrashReport | null;
    /** Opens the variables of the application's innermost frame. */
    openFirst?: boolean;
};

/** A backtrace, innermost frame first. Frames of the system are folded, variables open at a press. */
export function Backtrace({frames, report, openFirst = false}: Of): ReactElement {
    const runs = runsOf(frames, report);
    const first = runs.find(({system}) => !system)?.first;
    if (frames.length === 0) return <p className="quiet">No frames.</p>;
    return (
        <ol className="backtrace">
            {runs.map((run) =>
                run.system ? (
                    <SystemFrames key={run.first} run={run} />
                ) : (
                    run.frames.map((frame, i) => (
                        <FrameRow key={run.first + i} frame={frame} number={run.first + i} open={openFirst && run.first + i === first} />
                    ))
                ),
            )}
        </ol>
    );
}

function SystemFrames({run: {frames, first}}: {run: Run}): ReactElement {
    const [open, setOpen] = useState(false);
    return (
        <>
            <li className="fold">
                <button className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
                    <span aria-hidden>{open ? '▾' : '▸'}</span> {counted(frames.length, 'system frame')}
                </button>
            </li>
            {open && frames.map((frame, i) => <FrameRow key={first + i} frame={frame} number={first + i} system />)}
        </>
    );
}

function FrameRow({frame, number, open = false, system = false}: {frame: Frame; number: number; open?: boolean; system?: boolean}): ReactElement {
    const [shown, setShown] = useState(open);
    const variables = frame.args.length + frame.locals.length;
    const name = frame.function ?? address(frame.pc);
    const remarks = [
        ...(frame.inlined ? ['inlined'] : []),
        ...(frame.guessed ? ['guessed'] : []),
        ...(frame.tail_call ? ['left by a jump'] : []),
    ];
    return (
        <>
            {frame.folded !== undefined && <li className="fold quiet">… {counted(frame.folded, 'frame')} of a recursion left out</li>}
            <li className={system ? 'frame system' : 'frame'}>
                <div className="call">
                    {variables > 0 ? (
                        <button
                            className="plain toggle"
                            aria-expanded={shown}
                            aria-label={`Variables of frame ${number}, ${name}`}
                            onClick={() => setShown(!shown)}
                        >
                            <span aria-hidden>{shown ? '▾' : '▸'}</span>
                        </button>
                    ) : (
                        <span className="toggle" />
                    )}
                    <span className="code quiet">#{number}</span>{' '}
                    <span className="function">
                        <Code>{name}</Code> <Arguments of={frame.args} />
                        {remarks.length > 0 && <span className="quiet"> {remarks.join(', ')}</span>}
                    </span>
                    {frame.file !== null && <Place file={frame.file} line={frame.line} />}
                </div>
                {shown && (
                    <table className="variables">
                        <tbody>
                            <Variables of={frame.args} kind="argument" />
                            <Variables of={frame.locals} kind="local" />
                        </tbody>
                    </table>
                )}
            </li>
        </>
    );
}

/** `heater.c:39`; a press copies the whole path. */
function Place({file, line}: {file: string; line: number | null}): ReactElement {
    const suffix = line === null ? '' : `:${line}`;
    return (
        <span className="place code">
            <Copy text={file + suffix} what={file + suffix}>
                {fileName(file) + suffix}
            </Copy>
        </span>
    );
}

const kInline = 40; // characters of a value that fit into a frame's line

/** `(percent=49, relay=0x0)`; a null pointer stands out. */
const Arguments = ({of}: {of: readonly Variable[]}): ReactElement => (
    <span className="code arguments">
        (
        {of.map(({name, value}, i) => (
            <span key={i}>
                {i > 0 && ', '}
                <Code>{name}</Code>=<Value most={kInline}>{value}</Value>
            </span>
        ))}
        )
    </span>
);

function Value({children, most}: {children: string; most?: number}): ReactElement {
    const code = most === undefined ? <Code>{children}</Code> : <Code most={most}>{children}</Code>;
    if (isNull(children)) return <strong className="null">{code}</strong>;
    return isKnown(children) ? code : <span className="quiet">{code}</span>;
}

const Variables = ({of, kind}: {of: readonly Variable[]; kind: string}): ReactElement => (
    <>
        {of.map(({name, type, value, entry_value}, i) => (
            <tr key={i}>
                <td className="quiet">{kind}</td>
                <td className="quiet">
                    <Code>{type}</Code>
                </td>
                <th scope="row">
                    <Code>{name}</Code>
                </th>
                <td>
                    <Value most={400}>{value}</Value>
                    {entry_value !== null && (
                        <span className="quiet">
                            {' '}
                            at the call <Code>{entry_value}</Code>
                        </span>
                    )}
                </td>
            </tr>
        ))}
    </>
);
