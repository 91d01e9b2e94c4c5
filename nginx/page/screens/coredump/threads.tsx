import type {CrashReport, Thread} from 'schema';
import {useState} from 'react';
import type {ReactElement} from 'react';

import {Backtrace} from '../../parts/backtrace';
import {Code, Text} from '../../parts/code';
import {runsOf} from '../../text/frames';
import {address, bytes, percent} from '../../text/numbers';
import {Registers} from './registers';

/** All tasks, the crashed one first. A press shows a task's backtrace and registers. */
export function Threads({report}: {report: CrashReport}): ReactElement | null {
    if (report.threads.length === 0) return null;
    const named = report.source === 'core_dump';
    return (
        <section>
            <h2>
                Tasks <span className="quiet">{report.threads.length}</span>
            </h2>
            <div className="table">
                <table aria-label="Tasks">
                    <thead>
                        <tr>
                            <th>Task</th>
                            <th className="right">Priority</th>
                            <th>Core</th>
                            <th>Stack used</th>
                            <th>Where it is</th>
                        </tr>
                    </thead>
                    <tbody>
                        {report.threads.map((thread, i) => (
                            <Task key={i} thread={thread} report={report} named={named} />
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}

function Task({thread, report, named}: {thread: Thread; report: CrashReport; named: boolean}): ReactElement {
    const [open, setOpen] = useState(false);
    const name = thread.name || address(thread.tcb);
    const run = runsOf(thread.backtrace, thread.crashed ? report : null).find(({system}) => !system);
    const top = run?.frames[0] ?? thread.backtrace[0];
    return (
        <>
            <tr>
                <td>
                    <button className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
                        <span aria-hidden>{open ? '▾' : '▸'}</span> <Code>{name}</Code>
                    </button>
                    {thread.crashed && <span className="state wrong"> crashed</span>}
                </td>
                <td className="right">
                    {named ? thread.priority : '–'}
                    {named && thread.base_priority !== thread.priority && <span className="quiet"> (base {thread.base_priority})</span>}
                </td>
                <td>{thread.core ?? <span className="quiet">any</span>}</td>
                <td>
                    <Stack of={thread} />
                </td>
                <td>{top?.function ? <Code>{top.function}</Code> : <span className="quiet">–</span>}</td>
            </tr>
            {open && (
                <tr>
                    <td colSpan={5} className="task">
                        <Backtrace frames={thread.backtrace} report={thread.crashed ? report : null} />
                        {thread.unwind_end !== null && (
                            <p className="quiet">
                                It ends there: <Text>{thread.unwind_end}</Text>
                            </p>
                        )}
                        {thread.interrupted_backtrace.length > 0 && (
                            <>
                                <h3>What the interrupt interrupted</h3>
                                <Backtrace frames={thread.interrupted_backtrace} report={null} />
                            </>
                        )}
                        <Registers name={`Registers of ${name}`} of={thread.registers} />
                    </td>
                </tr>
            )}
        </>
    );
}

const kFull = 0.9; // of a stack; more is close to an overflow

function Stack({of: {stack_used, stack_free}}: {of: Thread}): ReactElement {
    if (stack_used === null || stack_free === null) return <span className="quiet">–</span>;
    const size = stack_used + stack_free;
    const share = size > 0 ? stack_used / size : 1;
    return (
        <span className="stack">
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
                <rect className="none" width={100} height={8} />
                <rect className={share > kFull ? 'full' : 'some'} width={Math.max(1, Math.min(100, 100 * share))} height={8} />
            </svg>
            {stack_free < 0 ? (
                <span className="state wrong">overflowed by {bytes(-stack_free)}</span>
            ) : (
                <span>
                    {bytes(stack_used)} of {bytes(size)}{' '}
                    <span className={share > kFull ? 'state waits' : 'quiet'}>
                        {percent(stack_used, size)}
                        {share > kFull && ', nearly full'}
                    </span>
                </span>
            )}
        </span>
    );
}
