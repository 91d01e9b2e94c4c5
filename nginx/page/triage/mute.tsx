import type {IssueSummary, MuteUntil} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {Dialog} from '../parts/dialog';
import {counted} from '../text/numbers';
import {changeIssues} from './changes';

type Until = 'ever' | keyof MuteUntil;

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Asks until when issues are muted, and mutes them. */
export function Mute({issues, close}: {issues: readonly IssueSummary[]; close: () => void}): ReactElement {
    const [until, setUntil] = useState<Until>('version_after');
    const [values, setValues] = useState({
        time: inDays(7),
        occurrences: '100',
        devices: '10',
        version_after: issues[0]?.last_version ?? '',
    });
    const field = (of: keyof MuteUntil, type: string, label: string): ReactElement => (
        <input
            type={type}
            aria-label={label}
            required={until === of}
            min={type === 'number' ? 1 : undefined}
            value={values[of]}
            onClick={() => setUntil(of)}
            onChange={(event) => {
                setUntil(of);
                setValues({...values, [of]: event.target.value});
            }}
        />
    );
    const choice = (value: Until, text: ReactElement): ReactElement => (
        <label className="choice">
            <input type="radio" name="until" autoFocus={value === until} checked={until === value} onChange={() => setUntil(value)} />
            <span>{text}</span>
        </label>
    );
    const mute = (event: FormEvent): void => {
        event.preventDefault();
        close();
        const conditions: Record<Until, MuteUntil | null> = {
            ever: null,
            time: {time: new Date(`${values.time}T00:00`).toISOString()},
            occurrences: {occurrences: Number(values.occurrences)},
            devices: {devices: Number(values.devices)},
            version_after: {version_after: values.version_after},
        };
        void changeIssues(issues, {state: 'muted', until: conditions[until]});
    };
    return (
        <Dialog title={`Mute ${issues.length === 1 ? issues[0]?.name : counted(issues.length, 'issue')}`} close={close}>
            <form onSubmit={mute}>
                <fieldset>
                    <legend>It goes on counting, and opens again</legend>
                    {choice('version_after', <>when it is seen in a version after {field('version_after', 'text', 'Version')}</>)}
                    {choice('occurrences', <>after {field('occurrences', 'number', 'Core dumps')} more core dumps</>)}
                    {choice('devices', <>after {field('devices', 'number', 'Devices')} more devices</>)}
                    {choice('time', <>on {field('time', 'date', 'Day')}</>)}
                    {choice('ever', <>never</>)}
                </fieldset>
                <div className="actions">
                    <button type="button" onClick={close}>
                        Cancel
                    </button>
                    <button className="main">Mute</button>
                </div>
            </form>
        </Dialog>
    );
}
