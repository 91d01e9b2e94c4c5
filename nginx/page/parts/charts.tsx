import type {ReactElement} from 'react';

import {Link} from '../app/router';
import {grouped} from '../text/numbers';
import {visible} from '../text/visible';

export interface Column {
    readonly value: number;
    /** Of the column, for hovering: "12 Nov: 40". */
    readonly label: string;
}

/** Columns over time, each with its own scale: the highest column is as high as the chart. */
export function Columns({columns, label, className}: {columns: readonly Column[]; label: string; className: string}): ReactElement {
    const most = Math.max(1, ...columns.map(({value}) => value));
    const kHeight = 24;
    return (
        <svg className={className} viewBox={`0 0 ${columns.length * 4} ${kHeight}`} preserveAspectRatio="none" role="img" aria-label={label}>
            {columns.map(({value, label: what}, i) => {
                const height = value === 0 ? 1 : Math.max(2, (value / most) * kHeight);
                return (
                    <g key={i}>
                        <rect className={value === 0 ? 'none' : 'some'} x={i * 4} y={kHeight - height} width={3} height={height} />
                        <rect className="hover" x={i * 4} y={0} width={4} height={kHeight}>
                            <title>{what}</title>
                        </rect>
                    </g>
                );
            })}
        </svg>
    );
}

/** The last 24 hours, as lists have them: a thousand of these have to be quick, so each is one path. */
export function Sparkline({hours}: {hours: readonly number[]}): ReactElement {
    const sum = hours.reduce((all, hour) => all + hour, 0);
    const most = Math.max(0, ...hours);
    const label = `Last 24 hours: ${grouped(sum)}, at most ${grouped(most)} an hour`;
    const columns = hours.map((value, i) => (value === 0 ? '' : `M${4 * i} 24v${-Math.max(2, Math.round((24 * value) / most))}h3V24z`));
    return (
        <svg className="sparkline" viewBox={`0 0 ${hours.length * 4} 24`} preserveAspectRatio="none" role="img" aria-label={label}>
            <title>{label}</title>
            <path className="none" d={`M0 23h${hours.length * 4}v1H0z`} />
            <path className="some" d={columns.join('')} />
        </svg>
    );
}

export interface Bar {
    readonly name: string;
    readonly value: number;
    /** Behind the bar: "312 devices". */
    readonly text: string;
    readonly to?: string;
}

/** Bars of one scale, each with its name before and its figures behind it. */
export function Bars({bars, label}: {bars: readonly Bar[]; label: string}): ReactElement {
    const most = Math.max(1, ...bars.map(({value}) => value));
    return (
        <table className="bars" aria-label={label}>
            <tbody>
                {bars.map(({name, value, text, to}) => (
                    <tr key={name}>
                        <th scope="row">{to === undefined ? <bdi>{visible(name)}</bdi> : <Link to={to}>{visible(name)}</Link>}</th>
                        <td className="bar" aria-hidden>
                            <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                                <rect className="some" x={0} y={0} height={10} width={value === 0 ? 0 : Math.max(0.8, (100 * value) / most)} />
                            </svg>
                        </td>
                        <td>{text}</td>
                    </tr>
                ))}
            </tbody>
        </table>
    );
}
