import type {IssueSummary} from 'schema';
import type {ReactElement} from 'react';

/** How an issue stands, in a word or two: "regressed in 1.9.0", "new in 1.2.0", "resolved in the next upload". */
export function State({of}: {of: IssueSummary}): ReactElement {
    const {state, reason} = of;
    if (state === 'resolved') return <span className="state resolved">{resolved(of)}</span>;
    if (state !== 'open') return <span className={`state ${state}`}>{state}</span>;
    if (reason === 'regressed') return <span className="state regressed">{of.regressed_in ? `regressed in ${of.regressed_in}` : 'regressed'}</span>;
    if (reason === 'new') return <span className="state new">{of.first_version === null ? 'new' : `new in ${of.first_version}`}</span>;
    return <span className="state">{reason === null ? 'open' : `open, ${reason}`}</span>;
}

function resolved({fixed_in, fixed_in_next}: IssueSummary): string {
    if (fixed_in_next) return 'resolved in the next upload';
    return fixed_in.length === 0 ? 'resolved' : `resolved in ${fixed_in.join(', ')}`;
}

/** "1.8.1 – 1.9.0": the versions between which it was seen. */
export function versionRange({first_version, last_version}: IssueSummary): string {
    if (first_version === null || last_version === null) return '–';
    return first_version === last_version ? first_version : `${first_version} – ${last_version}`;
}
