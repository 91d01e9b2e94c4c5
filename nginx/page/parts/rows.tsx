import {useLayoutEffect, useRef, useState} from 'react';
import type {ReactElement, ReactNode, RefObject} from 'react';

import type {Problem} from '../api/api';
import {ErrorBox, Waiting} from './states';

const kAllUpTo = 200; // rows; so many are simply there, and the browser's own search finds them
const kAround = 20; // rows above and below what is seen
const kNearEnd = 30; // rows before the end at which the next page is fetched

interface Window {
    readonly from: number;
    readonly to: number;
    /** px; of one row. */
    readonly height: number;
}

/** Which rows are in sight, or nearly so. All rows are as high as the first one. */
function useWindow(count: number, list: RefObject<HTMLElement>): Window {
    const [window_, setWindow] = useState<Window>({from: 0, to: Math.min(count, kAllUpTo), height: 0});
    useLayoutEffect(() => {
        const look = (): void => {
            const row = list.current?.querySelector<HTMLElement>('[data-row]');
            const top = list.current?.getBoundingClientRect().top;
            if (!row || top === undefined) return;
            const height = row.offsetHeight || 1;
            const first = Math.floor(-top / height) - kAround;
            const from = count <= kAllUpTo ? 0 : Math.max(0, Math.min(count - 1, first));
            const to = count <= kAllUpTo ? count : Math.min(count, Math.max(1, first + Math.ceil(innerHeight / height) + 2 * kAround));
            setWindow((old) => (old.from === from && old.to === to && old.height === height ? old : {from, to, height}));
        };
        look();
        addEventListener('scroll', look, {passive: true});
        addEventListener('resize', look);
        return () => {
            removeEventListener('scroll', look);
            removeEventListener('resize', look);
        };
    }, [count, list]);
    return {...window_, from: Math.min(window_.from, count), to: Math.min(Math.max(window_.to, Math.min(count, kAllUpTo)), count)};
}

interface Of<R> {
    readonly rows: readonly R[];
    /** Fetches the next page; null: that were all. */
    readonly more?: (() => void) | null;
    readonly loading?: boolean;
    readonly problem?: Problem;
    readonly label: string;
    /** The key of a row. */
    readonly id: (row: R) => number | string;
}

function useMore<R>({rows, more, loading, problem}: Of<R>, to: number): void {
    const near = to >= rows.length - kNearEnd;
    useLayoutEffect(() => {
        if (near && more && !loading && !problem) more();
    });
}

function Foot<R>({loading, problem, more}: Of<R>): ReactElement {
    return (
        <>
            {loading && <Waiting />}
            {problem && <ErrorBox problem={problem} {...(more ? {again: more} : {})} />}
        </>
    );
}

/** A list that stays quick with ten thousand rows: only those in sight are there. Fetches pages as one scrolls. */
export function List<R>(props: Of<R> & {children: (row: R, index: number) => ReactNode}): ReactElement {
    const list = useRef<HTMLUListElement>(null);
    const {from, to, height} = useWindow(props.rows.length, list);
    useMore(props, to);
    return (
        <>
            <ul className="list" aria-label={props.label} ref={list}>
                <li aria-hidden className="spacer" ref={heightOf(from * height)} />
                {props.rows.slice(from, to).map((row, i) => (
                    <li key={props.id(row)} data-row={from + i} aria-setsize={props.more ? -1 : props.rows.length} aria-posinset={from + i + 1}>
                        {props.children(row, from + i)}
                    </li>
                ))}
                <li aria-hidden className="spacer" ref={heightOf((props.rows.length - to) * height)} />
            </ul>
            <Foot {...props} />
        </>
    );
}

/** A table of that kind. `head` are its column heads, `children` makes a row's cells. */
export function Table<R>(props: Of<R> & {head: ReactNode; children: (row: R, index: number) => ReactNode}): ReactElement {
    const body = useRef<HTMLTableSectionElement>(null);
    const {from, to, height} = useWindow(props.rows.length, body);
    useMore(props, to);
    return (
        <div className="table">
            <table aria-label={props.label} aria-rowcount={props.more ? -1 : props.rows.length + 1}>
                <thead>
                    <tr>{props.head}</tr>
                </thead>
                <tbody ref={body}>
                    {from > 0 && <tr aria-hidden className="spacer" ref={heightOf(from * height)} />}
                    {props.rows.slice(from, to).map((row, i) => (
                        <tr key={props.id(row)} data-row={from + i} aria-rowindex={from + i + 2}>
                            {props.children(row, from + i)}
                        </tr>
                    ))}
                    {to < props.rows.length && <tr aria-hidden className="spacer" ref={heightOf((props.rows.length - to) * height)} />}
                </tbody>
            </table>
            <Foot {...props} />
        </div>
    );
}

const heightOf =
    (pixels: number) =>
    (element: HTMLElement | null): void =>
        element?.style.setProperty('height', `${pixels}px`);
