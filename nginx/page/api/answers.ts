import {useCallback, useEffect, useRef, useSyncExternalStore} from 'react';

import {address, call, Problem} from './api';
import type {Answer, Operation, Request} from './api';

/** Operations without consequences. */
export type Get = Extract<Operation, `GET ${string}`>;

/** What is known of an answer. `answer` stays while a newer one is fetched, and where that fails. */
export interface Known<A> {
    readonly answer?: A;
    readonly problem?: Problem;
    readonly loading: boolean;
}

interface Entry {
    known: Known<unknown>;
    fetched: number; // performance.now(); 0: never, or it may be wrong by now
    readonly load: (signal: AbortSignal, before: unknown) => Promise<unknown>;
    abort?: AbortController | undefined;
    readonly listeners: Set<() => void>;
}

const kFresh = 3000; // ms; for so long an answer is not asked for again because a screen shows it again
const kMostKept = 200;
const kNothing: Known<never> = {loading: true};
const kNotAsked: Known<never> = {loading: false};

const entries = new Map<string, Entry>();

function set(entry: Entry, known: Known<unknown>): void {
    entry.known = known;
    for (const listener of entry.listeners) listener();
}

async function fetchEntry(entry: Entry): Promise<void> {
    entry.abort?.abort();
    const abort = new AbortController();
    entry.abort = abort;
    set(entry, {...entry.known, loading: true});
    try {
        const answer = await entry.load(abort.signal, entry.known.answer);
        if (abort.signal.aborted) return;
        entry.fetched = performance.now();
        set(entry, {answer, loading: false});
    } catch (error) {
        if (abort.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(String(error), 0, null);
        set(entry, {...entry.known, problem, loading: false});
    }
    entry.abort = undefined;
}

function entryOf(key: string, load: Entry['load']): Entry {
    let entry = entries.get(key);
    if (!entry) {
        entry = {known: kNothing, fetched: 0, load, listeners: new Set()};
        entries.set(key, entry);
        for (const [oldest, old] of entries) {
            if (entries.size <= kMostKept) break;
            if (old.listeners.size === 0) entries.delete(oldest);
        }
    }
    return entry;
}

/** Fetches what is shown again, and what is not shown when it is shown again. */
export function refresh(): void {
    for (const entry of entries.values()) {
        entry.fetched = 0;
        if (entry.listeners.size > 0) void fetchEntry(entry);
    }
}

/** Changes something, and then fetches again what is shown. Throws `Problem`. */
export async function change<O extends Exclude<Operation, Get>>(operation: O, request: Request<O>): Promise<Answer<O>> {
    try {
        return await call(operation, request);
    } finally {
        refresh(); // also after a failure: 412 says that what is shown is old
    }
}

const noListening = (): (() => void) => () => undefined;

function useEntry<A>(key: string | null, load: Entry['load']): Known<A> & {entry: Entry | null} {
    const entry = key === null ? null : entryOf(key, load);
    const listen = useCallback(
        (listener: () => void) => {
            if (!entry) return noListening();
            entry.listeners.add(listener);
            return () => {
                entry.listeners.delete(listener);
                if (entry.listeners.size > 0 || !entry.abort) return;
                entry.abort.abort();
                entry.abort = undefined;
                entry.fetched = 0;
                entry.known = {...entry.known, loading: false};
            };
        },
        [entry],
    );
    const known = useSyncExternalStore(listen, () => entry?.known ?? kNotAsked) as Known<A>;
    useEffect(() => {
        const old = entry && (entry.fetched === 0 || performance.now() - entry.fetched > kFresh);
        if (entry && old) void fetchEntry(entry);
    }, [entry]);
    return {...known, entry};
}

/** Fetches an entry so often (ms) while the page is in sight. */
function useRegularly(entry: Entry | null, every: number | undefined): void {
    useEffect(() => {
        if (!entry || every === undefined) return;
        const timer = setInterval(() => {
            if (!document.hidden && !entry.abort) void fetchEntry(entry);
        }, every);
        return () => clearInterval(timer);
    }, [entry, every]);
}

export interface Options {
    /** ms; fetches it so often while the page is in sight. Undefined: once. */
    every?: number | undefined;
    /** While the answer to another request is on its way, goes on showing the last one. */
    keep?: boolean;
}

export type Shown<A> = Known<A> & {readonly again: () => void};

/** The answer to a GET. A null request is not asked yet. */
export function useAnswer<O extends Get>(operation: O, request: Request<O> | null, options: Options = {}): Shown<Answer<O>> {
    const key = request && address(operation, request);
    const {entry, ...known} = useEntry<Answer<O>>(key, (signal) => call(operation, {...(request as Request<O>), signal}));
    const last = useRef<Answer<O> | undefined>(undefined);
    if (known.answer !== undefined) last.current = known.answer;
    useRegularly(entry, options.every);
    const again = useCallback(() => entry && void fetchEntry(entry), [entry]);
    const kept = options.keep && known.answer === undefined && !known.problem ? last.current : undefined;
    return {...known, ...(kept !== undefined ? {answer: kept} : {}), again};
}

interface Pages<A> {
    readonly first: A;
    readonly rows: readonly unknown[];
    readonly next: string | null;
}
type ListOperation = {[O in Get]: Answer<O> extends {next: string | null} ? O : never}[Get];

export interface Rows<R> {
    /** Undefined: the first page is not there yet. */
    readonly rows?: readonly R[];
    readonly problem?: Problem;
    readonly loading: boolean;
    /** Fetches the next page, if there is one and it is not on its way. Null: that were all. */
    readonly more: (() => void) | null;
    readonly again: () => void;
}

const kMostOfPage = 1000;

const kMostRefreshed = 200; // rows of a list that is fetched again by itself

/** The rows of a list that comes in pages. A refresh fetches as many as were there. */
export function useRows<O extends ListOperation, R>(
    operation: O,
    request: Request<O> | null,
    rowsOf: (answer: Answer<O>) => readonly R[],
    {pageSize = 100, every}: {pageSize?: number; every?: number} = {},
): Rows<R> {
    type P = Pages<Answer<O>>;
    const key = request && `${address(operation, request)} in pages`;
    const page = async (signal: AbortSignal, limit: number, cursor?: string): Promise<P> => {
        const query = {...request?.query, limit, ...(cursor === undefined ? {} : {cursor})};
        const first = await call(operation, {...(request as Request<O>), query, signal} as Request<O>);
        return {first, rows: rowsOf(first), next: (first as {next: string | null}).next};
    };
    const {entry, ...known} = useEntry<P>(key, async (signal, before) => {
        const had = (before as P | undefined)?.rows.length ?? 0;
        const limit = Math.min(kMostOfPage, Math.max(pageSize, had));
        let pages = await page(signal, limit);
        while (pages.next !== null && pages.rows.length < had) {
            const got = await page(signal, kMostOfPage, pages.next);
            pages = {...got, rows: [...pages.rows, ...got.rows]};
        }
        return pages;
    });
    const isShort = (known.answer?.rows.length ?? 0) <= kMostRefreshed;
    useRegularly(entry, isShort ? every : undefined);
    const last = useRef<readonly R[] | undefined>(undefined);
    if (known.answer) last.current = known.answer.rows as readonly R[];
    const next = known.answer?.next ?? null;
    const again = useCallback(() => entry && void fetchEntry(entry), [entry]);
    const more = async (): Promise<void> => {
        if (!entry || entry.abort || next === null) return;
        const before = entry.known.answer as P;
        const abort = new AbortController();
        entry.abort = abort;
        set(entry, {answer: before, loading: true});
        try {
            const got = await page(abort.signal, pageSize, next);
            if (abort.signal.aborted) return;
            set(entry, {answer: {...got, rows: [...before.rows, ...got.rows]}, loading: false});
        } catch (error) {
            if (abort.signal.aborted) return;
            set(entry, {answer: before, problem: error as Problem, loading: false});
        }
        entry.abort = undefined;
    };
    const rows = (known.answer?.rows as readonly R[] | undefined) ?? (known.problem ? undefined : last.current);
    return {
        ...(rows ? {rows} : {}),
        ...(known.problem ? {problem: known.problem} : {}),
        loading: known.loading,
        more: next === null ? null : () => void more(),
        again,
    };
}
