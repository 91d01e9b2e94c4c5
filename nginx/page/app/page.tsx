import {Component, useEffect, useState} from 'react';
import type {ReactElement, ReactNode} from 'react';

import {logIn, useRefused} from '../api/session';
import {Notices} from '../parts/notice';
import {Empty} from '../parts/states';
import {match} from '../text/place';
import {Header, placesOf} from './header';
import {Help} from './help';
import {useKeysEverywhere} from './keys';
import {go, Link, usePlace} from './router';
import {screens} from './screens';
import {useUpgraded} from './upgrade';

/** The page: a header, and the screen that the address names. */
export function Page(): ReactElement {
    const place = usePlace();
    const upgraded = useUpgraded();
    const refused = useRefused();
    const [help, setHelp] = useState(false);
    useKeysEverywhere([
        ...placesOf(place).map(({nav, to}) => ({keys: `g ${nav.key}`, does: nav.name.toLowerCase(), run: () => go(to)})),
        {keys: '/', does: 'search', run: () => document.getElementById('search')?.focus()},
        {keys: '?', does: 'this help', run: () => setHelp(true)},
    ]);
    return (
        <>
            <a className="skip" href="#main">
                Skip to the content
            </a>
            <Header help={() => setHelp(true)} />
            {upgraded && (
                <p className="banner" role="status">
                    Coredepot was upgraded. <button onClick={() => location.reload()}>Reload</button>
                </p>
            )}
            <main id="main" tabIndex={-1}>
                {refused ? <Refused /> : <Guard key={place.path}>{screenOf(place.path)}</Guard>}
            </main>
            <Notices />
            {help && <Help close={() => setHelp(false)} />}
        </>
    );
}

function screenOf(path: string): ReactElement {
    for (const {pattern, show: Show} of screens) {
        const parts = match(pattern, path);
        if (parts) return <Show key={path} {...parts} />;
    }
    return (
        <Empty title="There is no such page.">
            <Link to="/">To the inbox</Link>
        </Empty>
    );
}

const Refused = (): ReactElement => (
    <Empty title="You are not logged in.">
        <button className="main" onClick={logIn}>
            Log in
        </button>
    </Empty>
);

/** Sets the window's title. */
export function useTitle(title: string): void {
    useEffect(() => {
        document.title = `${title} · Coredepot`;
    }, [title]);
}

/** Shows that a screen has failed, so that the header at least goes on working. */
class Guard extends Component<{children: ReactNode}, {error: unknown}> {
    override state = {error: undefined};
    static getDerivedStateFromError(error: unknown): {error: unknown} {
        return {error};
    }
    override render(): ReactNode {
        if (this.state.error === undefined) return this.props.children;
        return (
            <div className="error-box" role="alert">
                <p>The page failed to show this: {String(this.state.error)}</p>
                <button onClick={() => location.reload()}>Reload</button>
            </div>
        );
    }
}
