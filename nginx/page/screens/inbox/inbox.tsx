import type {IssueSummary} from 'schema';
import {useRef, useState} from 'react';
import type {ReactElement} from 'react';

import {useMayChange} from '../../api/session';
import {useKeys} from '../../app/keys';
import type {Key} from '../../app/keys';
import {useTitle} from '../../app/page';
import {goQuery, Link, usePlace} from '../../app/router';
import {List} from '../../parts/rows';
import {ErrorBox, Waiting} from '../../parts/states';
import {counted} from '../../text/numbers';
import {withQuery} from '../../text/place';
import {changeIssues} from '../../triage/changes';
import {Mute} from '../../triage/mute';
import {Resolve} from '../../triage/resolve';
import {NoIssues} from './empty';
import {filtersOf, periods, sorts, tabs} from './filters';
import type {Filters} from './filters';
import {IssueRow} from './issue_row';
import {useIssues, useTabCounts} from './issues';
import './style.css';

/** Which bugs there are: what is new, what has come back, what hurts most. */
export function Inbox(): ReactElement {
    const place = usePlace();
    const filters = filtersOf(place);
    const {tab} = filters;
    const issues = useIssues(filters);
    const rows = issues.rows ?? [];
    const counts = useTabCounts(filters, issues);
    const mayChange = useMayChange();
    const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
    const [asking, setAsking] = useState<{what: 'resolve' | 'mute'; issues: readonly IssueSummary[]} | null>(null);
    const list = useRef<HTMLDivElement>(null);
    useTitle(tab.text);

    const chosen = rows.filter(({id}) => selected.has(id));
    const toggle = ({id}: IssueSummary): void => {
        const next = new Set(selected);
        if (!next.delete(id)) next.add(id);
        setSelected(next);
    };
    const focused = (): IssueSummary | undefined => rows[focusedRow(list.current)];
    const ask = (what: 'resolve' | 'mute'): void => {
        const one = focused();
        const of = chosen.length > 0 ? chosen : one ? [one] : [];
        if (of.length > 0) setAsking({what, issues: of});
    };
    const done = (): void => {
        setAsking(null);
        setSelected(new Set());
    };
    const keys: Key[] = [
        {keys: 'j', does: 'next issue', run: () => focusRow(list.current, 1)},
        {keys: 'k', does: 'previous issue', run: () => focusRow(list.current, -1)},
        {keys: 'Enter', does: 'open the issue', run: () => focusRow(list.current, 0)?.click()},
    ];
    if (mayChange) {
        const select = (): void => {
            const one = focused();
            if (one) toggle(one);
        };
        keys.push(
            {keys: 'x', does: 'select the issue', run: select},
            {keys: 'e', does: 'resolve', run: () => ask('resolve')},
            {keys: 'm', does: 'mute', run: () => ask('mute')},
        );
    }
    useKeys(keys);

    return (
        <>
            <h1 className="unseen">Inbox</h1>
            <nav className="tabs" aria-label="Issues">
                {tabs.map((one) => (
                    <Link
                        key={one.name}
                        to={withQuery(place, {tab: one.name === 'news' ? undefined : one.name, period: undefined})}
                        aria-current={one === tab ? 'page' : undefined}
                    >
                        {one.text} {counts[one.name] !== undefined && <span className="number">{counts[one.name]}</span>}
                    </Link>
                ))}
                <span className="gap" />
                <Choice name="period" label={tab.name === 'news' ? 'New within' : 'Seen within'} of={periods} value={filters.period} />
                <Choice name="sort" label="Sort by" of={sorts} value={filters.sort} />
            </nav>
            <ActiveFilters filters={filters} />
            {chosen.length > 0 && (
                <div className="selection" role="toolbar" aria-label="Selected issues">
                    <span>{counted(chosen.length, 'issue')} selected</span>
                    <button onClick={() => ask('resolve')}>Resolve…</button>
                    <button onClick={() => ask('mute')}>Mute…</button>
                    <button onClick={() => void changeIssues(chosen, {state: 'open'}).then(done)}>Open again</button>
                    {chosen.length < rows.length && (
                        <button className="plain" onClick={() => setSelected(new Set(rows.map(({id}) => id)))}>
                            Select all {rows.length} shown
                        </button>
                    )}
                    <button className="plain" onClick={() => setSelected(new Set())}>
                        Select none
                    </button>
                </div>
            )}
            <div ref={list}>
                {issues.rows && (
                    <List rows={rows} label="Issues" id={({id}) => id} more={issues.problem ? null : issues.more} loading={issues.loading}>
                        {(issue) => (
                            <IssueRow issue={issue} {...(mayChange ? {select: {chosen: selected.has(issue.id), toggle: () => toggle(issue)}} : {})} />
                        )}
                    </List>
                )}
            </div>
            {!issues.rows && issues.loading && <Waiting />}
            {issues.problem && <ErrorBox problem={issues.problem} again={issues.again} />}
            {issues.rows?.length === 0 && !issues.loading && <NoIssues filters={filters} />}
            {asking?.what === 'resolve' && <Resolve issues={asking.issues} close={done} />}
            {asking?.what === 'mute' && <Mute issues={asking.issues} close={done} />}
        </>
    );
}

function Choice<T extends Readonly<Record<string, string>>>({name, label, of, value}: {name: string; label: string; of: T; value: keyof T}): ReactElement {
    return (
        <select aria-label={label} title={label} value={String(value)} onChange={(event) => goQuery({[name]: event.target.value})}>
            {Object.entries(of).map(([key, text]) => (
                <option key={key} value={key}>
                    {text}
                </option>
            ))}
        </select>
    );
}

/** Filters without a control of their own: they come from links elsewhere, and can be taken off here. */
function ActiveFilters({filters: {query}}: {filters: Filters}): ReactElement | null {
    const names = {q: 'with', version: 'seen in', kind: 'kind', function: 'through', min_devices: 'devices at least'} as const;
    const active = (Object.keys(names) as (keyof typeof names)[]).filter((name) => query[name] !== undefined);
    if (active.length === 0) return null;
    return (
        <p className="filters">
            {active.map((name) => (
                <span key={name} className="filter">
                    {names[name]} <b>{query[name]}</b>{' '}
                    <button className="plain" aria-label={`Remove the filter ${names[name]} ${query[name]}`} onClick={() => goQuery({[name]: undefined})}>
                        ×
                    </button>
                </span>
            ))}
        </p>
    );
}

/** The row that has the focus; -1: none has. */
function focusedRow(list: HTMLElement | null): number {
    const row = document.activeElement?.closest('[data-row]');
    return row && list?.contains(row) ? Number(row.getAttribute('data-row')) : -1;
}

/** Moves the focus that many rows; from none to the first one. */
function focusRow(list: HTMLElement | null, step: number): HTMLElement | null {
    const at = focusedRow(list);
    const row = list?.querySelector<HTMLElement>(`[data-row="${Math.max(0, at + (at < 0 ? 1 : step))}"]`);
    const link = row?.querySelector<HTMLElement>('a') ?? null;
    link?.focus({preventScroll: true});
    row?.scrollIntoView({block: 'nearest'});
    return link;
}
