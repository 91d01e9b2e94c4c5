import type {ReactElement} from 'react';

import {Dialog} from '../parts/dialog';
import {currentKeys} from './keys';

/** The keys that work at this moment. */
export const Help = ({close}: {close: () => void}): ReactElement => (
    <Dialog title="Keys" close={close}>
        <dl className="keys">
            {currentKeys().map(({keys, does}) => (
                <div key={keys}>
                    <dt>
                        {keys.split(' ').map((key) => (
                            <kbd key={key}>{key}</kbd>
                        ))}
                    </dt>
                    <dd>{does}</dd>
                </div>
            ))}
        </dl>
        <button onClick={close}>Close</button>
    </Dialog>
);
