import {useEffect, useRef, useState} from 'react';
import type {KeyboardEvent, ReactElement, ReactNode} from 'react';

/** A button that opens a small panel below it. Escape, a press elsewhere or a press in it closes the panel. */
export function Menu({label, name, children, end = false}: {label: ReactNode; name?: string; children: ReactNode; end?: boolean}): ReactElement {
    const [open, setOpen] = useState(false);
    const root = useRef<HTMLDivElement>(null);
    const items = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>('.panel :is(button, a, input)') ?? [])];
    useEffect(() => {
        if (!open) return;
        items()[0]?.focus();
        const close = (event: Event): void => {
            if (!root.current?.contains(event.target as Node)) setOpen(false);
        };
        document.addEventListener('pointerdown', close);
        document.addEventListener('focusin', close);
        return () => {
            document.removeEventListener('pointerdown', close);
            document.removeEventListener('focusin', close);
        };
    }, [open]);
    const move = (event: KeyboardEvent): void => {
        if (!open) return;
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        if (event.key === 'Escape') {
            setOpen(false);
            root.current?.querySelector('button')?.focus();
        } else if (step !== undefined) {
            const all = items();
            const at = all.indexOf(document.activeElement as HTMLElement);
            all[(at + step + all.length) % all.length]?.focus();
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <div className="menu" ref={root} onKeyDown={move}>
            <button aria-expanded={open} aria-label={name} onClick={() => setOpen(!open)}>
                {label} <span aria-hidden>▾</span>
            </button>
            {open && (
                <div className={end ? 'panel end' : 'panel'} onClick={(event) => (event.target as Element).closest('button, a') && setOpen(false)}>
                    {children}
                </div>
            )}
        </div>
    );
}
