/** Where the reader is: the page's whole state that is worth a link. */
export interface Place {
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
}

/** Of an address within the page, such as `/issues/THERMOSTAT-12?tab=devices`. */
export function placeOf(address: string): Place {
    const [path = '/', query = ''] = address.split('?', 2);
    return {path, query: Object.fromEntries(new URLSearchParams(query))};
}

export type Changes = Readonly<Record<string, string | number | undefined>>;

/** The address of a path with that query. Undefined and empty members are left out. */
export function addressOf(path: string, query: Changes = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        if (value !== undefined && value !== '') parameters.set(name, String(value));
    }
    const text = parameters.toString();
    return text ? `${path}?${text}` : path;
}

/** The address of the same path with another query. */
export const withQuery = (place: Place, changes: Changes): string => addressOf(place.path, {...place.query, ...changes});

/** The parts of a path that a pattern such as `/issues/{issue}` names; null: it is another path. */
export function match(pattern: string, path: string): Readonly<Record<string, string>> | null {
    const wanted = pattern.split('/');
    const parts = path.replace(/(.)\/$/, '$1').split('/');
    if (wanted.length !== parts.length) return null;
    const found: Record<string, string> = {};
    for (const [i, name] of wanted.entries()) {
        const part = parts[i] ?? '';
        if (name.startsWith('{')) {
            if (part === '') return null;
            try {
                found[name.slice(1, -1)] = decodeURIComponent(part);
            } catch {
                return null; // a stray %
            }
        } else if (name !== part) {
            return null;
        }
    }
    return found;
}

const kLongest = 2000; // characters that /session/login takes

/** Where a login is to come back to. An address that it would not take is cut to its path, or to the inbox. */
export function returnPath(path: string, search: string): string {
    const escaped = (text: string): string => text.replaceAll('\\', '%5C');
    const whole = [escaped(path + search), escaped(path)].find((text) => text.length <= kLongest);
    return whole === undefined || whole.startsWith('//') ? '/' : whole;
}
