import {useEffect, useState} from 'react';
import type {ReactElement} from 'react';

/** Copies a text. `what` is for the button's name: "Copy request id". */
export function Copy({text, what, children}: {text: string; what: string; children?: string}): ReactElement {
    const [copied, setCopied] = useState(false);
    useEffect(() => {
        if (!copied) return;
        const timer = setTimeout(() => setCopied(false), 1500);
        return () => clearTimeout(timer);
    }, [copied]);
    const copy = (): void => void write(text).then(() => setCopied(true));
    return (
        <button className="copy" aria-label={children ? undefined : `Copy ${what}`} title={`Copy ${what}`} onClick={copy}>
            {copied ? 'Copied' : (children ?? 'Copy')}
        </button>
    );
}

async function write(text: string): Promise<void> {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Without TLS, and not on loopback, browsers have no clipboard but this.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'unseen';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
}
