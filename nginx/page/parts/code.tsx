import {useState} from 'react';
import type {ReactElement} from 'react';

import {foldMiddle, visible, visibleLines} from '../text/visible';

/** Text of a device within ours: nothing in it is hidden, and its writing direction ends with it. */
export const Text = ({children}: {children: string}): ReactElement => <bdi>{visible(children)}</bdi>;

/** The same as code. A long name is folded in the middle; a press shows all of it. */
export function Code({children, most}: {children: string; most?: number}): ReactElement {
    const [open, setOpen] = useState(false);
    const text = visible(children);
    const folded = open ? null : foldMiddle(text, most);
    if (!folded) return <bdi className="code">{text}</bdi>;
    return (
        <bdi className="code" title={text}>
            {folded.head}
            <button className="unfold" aria-label={`Show all of ${text}`} onClick={() => setOpen(true)}>
                …
            </button>
            {folded.tail}
        </bdi>
    );
}

/** The same within a link, which cannot have a button in it: all of a long name is shown on hover. */
export function BriefCode({children, most}: {children: string; most: number}): ReactElement {
    const text = visible(children);
    const folded = foldMiddle(text, most);
    if (!folded) return <bdi className="code">{text}</bdi>;
    return (
        <bdi className="code" title={text}>
            {folded.head}…{folded.tail}
        </bdi>
    );
}

/** Several lines of it. */
export const CodeBlock = ({children}: {children: string}): ReactElement => (
    <pre className="code" tabIndex={0} dir="ltr">
        {visibleLines(children)}
    </pre>
);
