import {useEffect, useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {useModels} from '../api/models';
import {logOut, useSession} from '../api/session';
import {Menu} from '../parts/menu';
import {Text} from '../parts/code';
import {visible} from '../text/visible';
import {addressOf, match} from '../text/place';
import type {Place} from '../text/place';
import {go, goQuery, Link, usePlace} from './router';
import {screens} from './screens';
import type {Screen} from './screens';

type Main = Screen & {readonly nav: NonNullable<Screen['nav']>};
const mainScreens = screens.filter((screen): screen is Main => screen.nav !== undefined);

// Where the reader was on each of the main screens, so that the way back finds filters as they were.
const lastPlaces = new Map<string, string>();

/** The main screens and where each link leads: to the same model as here. */
export function placesOf(place: Place): readonly (Main & {readonly to: string})[] {
    return mainScreens.map((screen) => {
        const here = screen.pattern === place.path;
        const model = place.query['model'];
        const last = lastPlaces.get(screen.pattern);
        const to = here || last === undefined ? addressOf(screen.pattern, {model}) : last;
        return {...screen, to};
    });
}

/** `help` shows the keys. */
export function Header({help}: {help: () => void}): ReactElement {
    const place = usePlace();
    useEffect(() => {
        lastPlaces.set(place.path, addressOf(place.path, place.query));
    }, [place]);
    return (
        <header className="top">
            <Link className="brand" to="/">
                Coredepot
            </Link>
            <nav aria-label="Screens">
                {placesOf(place).map(({pattern, nav, to}) => (
                    <Link key={pattern} to={to} aria-current={match(pattern, place.path) ? 'page' : undefined}>
                        {nav.name}
                    </Link>
                ))}
            </nav>
            <span className="gap" />
            <Model place={place} />
            <Search place={place} />
            <Reader />
            <button className="plain help" aria-label="Keys" title="Keys (?)" onClick={help}>
                ?
            </button>
        </header>
    );
}

/** Which model the lists show. */
function Model({place}: {place: Place}): ReactElement | null {
    const model = place.query['model'] ?? '';
    const codes = useModels().all?.map(({code}) => code) ?? [];
    if (model !== '' && !codes.includes(model)) codes.unshift(model);
    const choose = (code: string): void => {
        const stays = mainScreens.some(({pattern}) => pattern === place.path);
        const of = code === '' ? undefined : code;
        if (stays) goQuery({model: of});
        else go(addressOf('/', {model: of}));
    };
    return (
        <select aria-label="Device model" value={model} onChange={(event) => choose(event.target.value)}>
            <option value="">All models</option>
            {codes.map((code) => (
                <option key={code} value={code}>
                    {visible(code)}
                </option>
            ))}
        </select>
    );
}

/** Finds issues by title and function. An issue's name leads to the issue. */
function Search({place}: {place: Place}): ReactElement {
    const asked = place.path === '/' ? (place.query['q'] ?? '') : '';
    const [text, setText] = useState(asked);
    const [short, setShort] = useState(false);
    useEffect(() => setText(asked), [asked]);
    const search = (event: FormEvent): void => {
        event.preventDefault();
        const q = text.trim();
        const isShort = q !== '' && [...q].length < 3;
        setShort(isShort);
        if (!isShort) document.getElementById('search')?.blur(); // so that j and k work at once
        if (/^[a-z0-9_]{1,50}-\d+$/i.test(q)) {
            setText('');
            go(`/issues/${q.toUpperCase()}`);
        } else if (q === '' && place.path === '/') {
            goQuery({q: undefined});
        } else if (q !== '' && !isShort) {
            go(addressOf('/', {model: place.query['model'], tab: 'all', q}));
        }
    };
    return (
        <form role="search" onSubmit={search}>
            <input
                id="search"
                type="search"
                aria-label="Search titles and functions, or THERMOSTAT-12"
                placeholder="Search"
                title="Titles and functions, or an issue's name"
                aria-invalid={short}
                value={text}
                onChange={(event) => setText(event.target.value)}
                onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
            />
            {short && (
                <span className="hint" role="status">
                    Three letters at least
                </span>
            )}
        </form>
    );
}

/** Who is logged in. Without OpenID Connect nobody is. */
function Reader(): ReactElement | null {
    const session = useSession();
    if (!session?.oidc || session.subject === null) return null;
    const name = session.name ?? session.subject;
    return (
        <Menu label={<Text>{name}</Text>} name={`Logged in as ${visible(name)}`} end>
            <p className="quiet">{session.roles.includes('admin') ? 'Admin' : 'Viewer: may look, and change nothing'}</p>
            <button onClick={() => void logOut()}>Log out</button>
        </Menu>
    );
}
