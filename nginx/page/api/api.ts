import type {Error as ErrorBody, Operations} from 'schema';

import {needsLogin} from './session';

/** An operation of docs/openapi.yaml, such as `GET /api/issues/{issue}`. */
export type Operation = keyof Operations;
export type Answer<O extends Operation> = Operations[O]['answer'];

type Loose<T> = {[K in keyof T]?: T[K] | undefined};
type Path<T> = keyof T extends never ? {path?: T} : {path: T};
type Body<T> = [T] extends [undefined] ? {body?: undefined} : {body: T};

/** What an operation needs to be told. */
export type Request<O extends Operation> = Path<Operations[O]['path']> &
    Body<Operations[O]['body']> & {
        query?: Loose<Operations[O]['query']>;
        /** The revision that was seen, for changes: another one by now is a `Problem` of status 412. */
        revision?: number;
        /** A status of failure whose body is an answer all the same, as that of `/health`. */
        also?: number;
        signal?: AbortSignal;
    };

/** Why there is no answer. The message is the API's sentence for people. */
export class Problem extends Error {
    constructor(
        message: string,
        /** The response's; 0: there was none. */
        readonly status: number,
        /** What the server's log has, too; null: nginx or the network failed before there was one. */
        readonly requestId: string | null,
    ) {
        super(message);
    }
}

/** Path and query. Members of the query that are undefined are left out. */
export function address<O extends Operation>(operation: O, request: Request<O>): string {
    const parts = (request.path ?? {}) as Record<string, string | number>;
    const path = operation
        .slice(operation.indexOf(' ') + 1)
        .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {})) {
        if (value !== undefined) query.set(name, String(value));
    }
    const text = query.toString().replaceAll('+', '%20'); // a plus is a plus for the server, and no space
    return text ? `${path}?${text}` : path;
}

/** Asks the API. Throws `Problem`; an `AbortError` where the signal says so. */
export async function call<O extends Operation>(operation: O, request: Request<O>): Promise<Answer<O>> {
    const method = operation.slice(0, operation.indexOf(' '));
    const headers: Record<string, string> = {Accept: 'application/json'};
    const options: RequestInit = {method, headers, credentials: 'same-origin'};
    if (request.signal) options.signal = request.signal;
    if (request.revision !== undefined) headers['If-Match'] = `"${request.revision}"`;
    const body: unknown = request.body;
    if (body instanceof Blob) {
        headers['Content-Type'] = 'application/octet-stream';
        options.body = body;
    } else if (body !== undefined) {
        headers['Content-Type'] = 'application/json';
        options.body = JSON.stringify(body);
    }
    return (await readJson(await reach(address(operation, request), options), request.also)) as Answer<O>;
}

async function reach(url: string, options: RequestInit): Promise<Response> {
    try {
        return await fetch(url, options);
    } catch (error) {
        if (options.signal?.aborted) throw error;
        throw new Problem('Coredepot does not answer. Is this machine connected to it?', 0, null);
    }
}

async function readJson(response: Response, also?: number): Promise<unknown> {
    const requestId = response.headers.get('X-Request-Id');
    if (response.status === 204) return undefined;
    let body: unknown;
    try {
        body = await response.json();
    } catch {
        throw new Problem(`Coredepot's answer (${response.status}) could not be read.`, response.status, requestId);
    }
    if (response.ok || response.status === also) return body;
    if (response.status === 401) needsLogin();
    throw new Problem((body as Partial<ErrorBody>).error ?? `The answer was ${response.status}.`, response.status, requestId);
}
