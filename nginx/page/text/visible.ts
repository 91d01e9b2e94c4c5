// Characters that one does not see, or that change how others are shown: controls (C0, C1), marks and overrides of
// writing direction, zero-width ones, separators of lines, the soft hyphen, tags. Device text may hold any of them.
const kHidden =
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
const kHiddenButLines = new RegExp(kHidden.source.replace('\\u0000-\\u001f', '\\u0000-\\u0008\\u000b-\\u001f'), 'gu');

const escape = (character: string): string => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return `\\u{${code.toString(16)}}`;
};

/** Text of a device as one may show it: what cannot be seen is escaped, as in `\x1b[31m`. */
export const visible = (text: string): string => text.replace(kHidden, escape);

/** The same for several lines: newlines and tabs stay. */
export const visibleLines = (text: string): string => text.replace(kHiddenButLines, escape);

/** A long name with its middle left out. Both ends tell most: namespace and function. Null: it is short enough. */
export function foldMiddle(name: string, most = 72): {readonly head: string; readonly tail: string} | null {
    const letters = [...name];
    if (letters.length <= most) return null;
    const head = Math.floor((most - 1) / 2);
    return {head: letters.slice(0, head).join(''), tail: letters.slice(letters.length - (most - 1 - head)).join('')};
}
