import type {CrashReport} from 'schema';
import type {ReactElement} from 'react';

import {Code, CodeBlock, Text} from '../../parts/code';
import {address} from '../../text/numbers';

/** Why it crashed: conclusions first, then what the CPU and the panic handler said. */
export function Reason({report: {notes, exception, panic_reason, in_interrupt, source}}: {report: CrashReport}): ReactElement {
    return (
        <section aria-label="Reason">
            {notes.map((note, i) => (
                <p key={i} className="note">
                    <Text>{note}</Text>
                </p>
            ))}
            {in_interrupt && <p className="note">It crashed in an interrupt.</p>}
            {source === 'panic_text' && (
                <p className="note quiet">Made of what the panic handler printed. It has no tasks but those that ran, and no variables.</p>
            )}
            {panic_reason !== null && <CodeBlock>{panic_reason}</CodeBlock>}
            {exception && (
                <p className="quiet">
                    <Text>{exception.name}</Text> (cause {exception.cause}
                    {exception.region !== null && (
                        <>
                            , address <Code>{address(exception.address)}</Code>: <Text>{exception.region}</Text>
                        </>
                    )}
                    )
                </p>
            )}
        </section>
    );
}
