import type {Operations, Session} from 'schema';
import {useSyncExternalStore} from 'react';

import {returnPath} from '../text/place';

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
    tell();
}

export function logIn(): void {
    sessionStorage.setItem(kLastLogin, String(Date.now()));
    location.assign(`/session/login?return=${encodeURIComponent(returnPath(location.pathname, location.search))}`);
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
    const {location: next = '/'} = (response.ok ? await response.json() : {}) as Partial<Operations['POST /session/logout']['answer']>;
    sessionStorage.removeItem(kLastLogin);
    location.assign(next);
}
