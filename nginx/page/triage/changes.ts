import type {IssueChange, IssueSummary} from 'schema';

import {change} from '../api/answers';
import {notify, notifyProblem, notifyWrong} from '../parts/notice';
import {counted} from '../text/numbers';

/** Changes one issue as it was seen, or several each by itself, and says how that went. */
export async function changeIssues(issues: readonly IssueSummary[], to: IssueChange): Promise<void> {
    const [one] = issues;
    if (!one) return;
    try {
        if (issues.length === 1) {
            await change('PATCH /api/issues/{issue}', {path: {issue: one.id}, revision: one.revision, body: to});
            notify(`${one.name} is ${inWords(to)}.`);
            return;
        }
        const {changed, refused} = await change('PATCH /api/issues', {body: {ids: issues.map(({id}) => id), change: to}});
        const nameOf = (id: number): string => issues.find((issue) => issue.id === id)?.name ?? String(id);
        const done = `${counted(changed, 'issue')} ${changed === 1 ? 'is' : 'are'} ${inWords(to)}.`;
        if (refused.length === 0) notify(done);
        else notifyWrong(`${done} Not ${refused.map(({id, error}) => `${nameOf(id)}: ${error}`).join('; ')}`);
    } catch (error) {
        notifyProblem(error);
    }
}

function inWords(to: IssueChange): string {
    if ('ticket_url' in to) return to.ticket_url === null ? 'without a ticket' : 'linked to its ticket';
    if (to.state === 'open') return 'open';
    if (to.state === 'muted') return 'muted';
    if (to.fixed_in_next) return 'resolved in the next upload';
    return to.fixed_in?.length ? `resolved in ${to.fixed_in.join(', ')}` : 'resolved';
}
