import {useEffect, useRef} from 'react';

/** What a key does. `keys` is one key, or two in a row such as `g i`, as KeyboardEvent.key has them. */
export interface Key {
    readonly keys: string;
    /** For the help: "next issue". */
    readonly does: string;
    readonly run: () => void;
}

const kPause = 1000; // ms between the two of `g i`

const ofScreen: (readonly Key[])[] = [];
const everywhere: (readonly Key[])[] = [];
let before = '';
let at = 0;

/** The keys that count at this moment, those of the screen first. */
export const currentKeys = (): readonly Key[] => [...ofScreen, ...everywhere].flat();

const kTyping = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';

document.addEventListener('keydown', (event) => {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (target.closest(kTyping) || document.querySelector('dialog[open]')) return;
    // Enter and the space bar press what has the focus.
    if ((event.key === 'Enter' || event.key === ' ') && target.closest('a, button, summary, input')) return;
    const pair = event.timeStamp - at < kPause ? `${before} ${event.key}` : '';
    before = event.key;
    at = event.timeStamp;
    const key = currentKeys().find(({keys}) => keys === pair) ?? currentKeys().find(({keys}) => keys === event.key);
    if (!key) return;
    event.preventDefault();
    key.run();
});

/** Keys of the page, whichever screen is there. */
export const useKeysEverywhere = (keys: readonly Key[]): void => useKeys(keys, everywhere);

/** While the component is there, these keys work. Those of a screen go before those of the page. */
export function useKeys(keys: readonly Key[], layers = ofScreen): void {
    const current = useRef(keys);
    current.current = keys;
    const names = keys.map((key) => key.keys).join();
    useEffect(() => {
        const layer = current.current.map(({keys: name, does}) => ({
            keys: name,
            does,
            run: () => current.current.find((key) => key.keys === name)?.run(),
        }));
        layers.push(layer);
        return () => void layers.splice(layers.indexOf(layer), 1);
    }, [names, layers]);
}
