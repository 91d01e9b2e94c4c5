import {useEffect, useId, useRef} from 'react';
import type {ReactElement, ReactNode} from 'react';

/** A window above the page. The browser keeps the focus in it; Escape closes it. */
export function Dialog({title, close, children}: {title: string; close: () => void; children: ReactNode}): ReactElement {
    const dialog = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        dialog.current?.showModal();
        return () => {
            // Closed by Escape, it has given the focus back already, and the reader may have moved it since.
            if (document.activeElement === document.body) before?.focus();
        };
    }, []);
    return (
        <dialog ref={dialog} aria-labelledby={id} onClose={close} onClick={(event) => event.target === dialog.current && close()}>
            <div className="window">
                <h2 id={id}>{title}</h2>
                {children}
            </div>
        </dialog>
    );
}
