import type {IssueDetail, IssueSummary} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {call} from '../api/api';
import {change, useAnswer} from '../api/answers';
import {go} from '../app/router';
import {Dialog} from '../parts/dialog';
import {notify, notifyProblem, notifyWrong} from '../parts/notice';
import {Title} from '../parts/title';

/** Merges an issue, and goes to the one that it is part of then. */
export async function merge(issue: IssueSummary, into: {id: number; name: string}): Promise<void> {
    try {
        await change('POST /api/issues/{issue}/merge', {path: {issue: issue.id}, revision: issue.revision, body: {into: into.id}});
        notify(`${issue.name} is part of ${into.name} now. A split of its signature takes it out again.`);
        go(`/issues/${into.name}`);
    } catch (error) {
        notifyProblem(error);
    }
}

/** Asks of which issue this one is a part. */
export function Merge({issue, close}: {issue: IssueDetail; close: () => void}): ReactElement {
    const [name, setName] = useState('');
    const similar = useAnswer('GET /api/issues/{issue}/similar', {path: {issue: issue.id}});
    const mergeByName = async (event: FormEvent): Promise<void> => {
        event.preventDefault();
        close();
        try {
            const into = await call('GET /api/issues/{issue}', {path: {issue: name.trim()}});
            if (into.model === issue.model) await merge(issue, into);
            else notifyWrong(`${into.name} is of another model, and versions compare only within one.`);
        } catch (error) {
            notifyProblem(error);
        }
    };
    return (
        <Dialog title={`Merge ${issue.name} into another issue`} close={close}>
            <p className="quiet">Its signatures and counts go there. A split takes them out again.</p>
            <form className="inline" onSubmit={(event) => void mergeByName(event)}>
                <input
                    type="text"
                    aria-label="Name of the other issue"
                    placeholder={`${issue.model.toUpperCase()}-…`}
                    autoFocus
                    required
                    value={name}
                    onChange={(event) => setName(event.target.value)}
                />
                <button className="main">Merge</button>
                <button type="button" onClick={close}>
                    Cancel
                </button>
            </form>
            {similar.answer && similar.answer.issues.length > 0 && (
                <>
                    <h3>Similar ones</h3>
                    <ul className="plain">
                        {similar.answer.issues.slice(0, 8).map((other) => (
                            <li key={other.id}>
                                <button className="plain" onClick={() => setName(other.name)}>
                                    {other.name}
                                </button>{' '}
                                <Title brief>{other.title}</Title>
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </Dialog>
    );
}
