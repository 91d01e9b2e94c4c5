import type {IssueSummary} from 'schema';
import type {ReactElement} from 'react';

import {Link} from '../../app/router';
import {Sparkline} from '../../parts/charts';
import {Count} from '../../parts/count';
import {Time} from '../../parts/time';
import {grouped} from '../../text/numbers';
import {State, versionRange} from '../../triage/state';
import {Title} from '../../parts/title';

export interface Selection {
    readonly chosen: boolean;
    readonly toggle: () => void;
}

/** An issue in a list. Without `select` it cannot be selected. */
export function IssueRow({issue, select}: {issue: IssueSummary; select?: Selection}): ReactElement {
    const to = `/issues/${issue.name}`;
    return (
        <div className={select?.chosen ? 'issue-row chosen' : 'issue-row'}>
            {select && (
                <label className="select">
                    <input type="checkbox" aria-label={`Select ${issue.name}`} checked={select.chosen} onChange={select.toggle} />
                </label>
            )}
            <div className="what">
                <Link className="title" to={to}>
                    <Title brief>{issue.title ?? issue.kind}</Title>
                </Link>
                <p className="quiet">
                    <span className="name">{issue.name}</span> · <State of={issue} />
                    {issue.quality !== 'full' && issue.quality !== 'unverified' && ` · signature ${issue.quality}`}
                </p>
            </div>
            <Sparkline hours={issue.sparkline} />
            <span className="devices">
                <Count of={issue.devices} one="device" to={`${to}?tab=devices`} />
            </span>
            <Link className="count times" to={`${to}?tab=coredumps`} aria-label={`${grouped(issue.occurrences)} core dumps`} title="core dumps, ever">
                {grouped(issue.occurrences)}×
            </Link>
            <span className="versions">{versionRange(issue)}</span>
            <span className="age">
                <Time at={issue.last_seen} />
            </span>
        </div>
    );
}
