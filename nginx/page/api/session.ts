import {useSyncExternalStore} from 'react';

/** Who is logged in. Without OpenID Connect everybody may do everything. */
export interface Session {
    readonly oidc: boolean;
    readonly subject: string | null;
    readonly name: string | null;
    readonly roles: readonly string[];
    readonly ends_at: string | null;
}

const kLastLogin = 'coredepot.login';
const kPause = 20_000; // ms; two logins within that are a loop

let session: Session | undefined;
let refused = false;
const listeners = new Set<() => void>();

function tell(): void {
    for (const listener of listeners) listener();
}
function listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

/** Undefined until the server has said. */
export const useSession = (): Session | undefined => useSyncExternalStore(listen, () => session);

/** The issuer lets nobody in, or somebody without a role: a further try has to be the reader's wish. */
export const useRefused = (): boolean => useSyncExternalStore(listen, () => refused);

/** Viewers may look at everything and change nothing. The server sees to it; the page only hides the buttons. */
export function useMayChange(): boolean {
    const who = useSession();
    return who !== undefined && (!who.oidc || who.roles.includes('admin'));
}

export async function fetchSession(): Promise<void> {
    const response = await fetch('/session', {headers: {Accept: 'application/json'}});
    if (response.ok) session = (await response.json()) as Session;
    else if (response.status === 404) session = {oidc: false, subject: null, name: null, roles: [], ends_at: null};
    tell();
}

const here = (): string => location.pathname + location.search;

export function logIn(): void {
    sessionStorage.setItem(kLastLogin, String(Date.now()));
    location.assign(`/session/login?return=${encodeURIComponent(here())}`);
}

/** A request was refused for want of a session: goes to the issuer and comes back to this address. Single sign-on
 *  makes that invisible. */
export function needsLogin(): void {
    if (Date.now() - Number(sessionStorage.getItem(kLastLogin) ?? 0) > kPause) {
        logIn();
    } else if (!refused) {
        refused = true;
        tell();
    }
}

/** Ends the session here and then, where the issuer has a page for that, there. */
export async function logOut(): Promise<void> {
    const response = await fetch('/session/logout', {method: 'POST', headers: {Accept: 'application/json'}});
    const {location: next = '/'} = (response.ok ? await response.json() : {}) as {location?: string};
    sessionStorage.removeItem(kLastLogin);
    location.assign(next);
}
