import type {ReactElement} from 'react';

import {Link} from '../app/router';
import {grouped} from '../text/numbers';

/** A number and what it counts. With `to` it leads to what it counts. */
export function Count({of, one, many, to}: {of: number; one?: string; many?: string; to?: string}): ReactElement {
    const unit = one && (of === 1 ? one : (many ?? `${one}s`));
    const text = (
        <>
            <span className="number">{grouped(of)}</span>
            {unit && ` ${unit}`}
        </>
    );
    return to === undefined ? <span className="count">{text}</span> : <Link className="count" to={to}>{text}</Link>;
}
