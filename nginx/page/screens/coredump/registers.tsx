import type {ReactElement} from 'react';

import {visible} from '../../text/visible';
import {address} from '../../text/numbers';

/** Names and values. */
export function Registers({name, of}: {name: string; of: Readonly<Record<string, number>>}): ReactElement | null {
    const registers = Object.entries(of);
    if (registers.length === 0) return null;
    return (
        <section>
            <h3>{visible(name)}</h3>
            <dl className="registers code">
                {registers.map(([register, value]) => (
                    <div key={register}>
                        <dt>{visible(register)}</dt>
                        <dd>{address(value)}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}
