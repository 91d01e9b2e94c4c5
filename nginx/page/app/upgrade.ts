import {useEffect, useState} from 'react';

const kEvery = 5 * 60_000; // ms
const script = new URL(import.meta.url).pathname;

/** Whether the server has another page by now than the one that runs here. Asked while the page is in sight. */
export function useUpgraded(): boolean {
    const [upgraded, setUpgraded] = useState(false);
    useEffect(() => {
        if (upgraded) return;
        const look = async (): Promise<void> => {
            if (document.hidden) return;
            try {
                const response = await fetch('/', {cache: 'no-cache', headers: {Accept: 'text/html'}});
                if (response.ok && !(await response.text()).includes(script)) setUpgraded(true);
            } catch {
                // The server is away; the next request of a screen says so.
            }
        };
        const timer = setInterval(() => void look(), kEvery);
        const seen = (): void => void look();
        document.addEventListener('visibilitychange', seen);
        return () => {
            clearInterval(timer);
            document.removeEventListener('visibilitychange', seen);
        };
    }, [upgraded]);
    return upgraded;
}
