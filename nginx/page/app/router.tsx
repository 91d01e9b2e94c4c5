import {useMemo, useSyncExternalStore} from 'react';
import type {AnchorHTMLAttributes, MouseEvent, ReactElement} from 'react';

import {placeOf, withQuery} from '../text/place';
import type {Changes, Place} from '../text/place';

const listeners = new Set<() => void>();
function tell(): void {
    for (const listener of listeners) listener();
}
addEventListener('popstate', tell);

const here = (): string => location.pathname + location.search;

function listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

export function usePlace(): Place {
    const address = useSyncExternalStore(listen, here);
    return useMemo(() => placeOf(address), [address]);
}

/** Goes to an address within the page. `replace`: the back button skips the place that is left. */
export function go(address: string, replace = false): void {
    if (address === here()) return;
    const samePath = placeOf(address).path === location.pathname;
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    tell();
    if (samePath) return;
    scrollTo(0, 0);
    document.getElementById('main')?.focus({preventScroll: true}); // what had the focus is gone
}

/** Changes the query of the place where the reader is. */
export const goQuery = (changes: Changes, replace = false): void => go(withQuery(placeOf(here()), changes), replace);

/** A link within the page. */
export function Link({to, ...rest}: {to: string} & AnchorHTMLAttributes<HTMLAnchorElement>): ReactElement {
    const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
        rest.onClick?.(event);
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (event.defaultPrevented || !plain) return;
        event.preventDefault();
        go(to);
    };
    return <a {...rest} href={to} onClick={follow} />;
}
