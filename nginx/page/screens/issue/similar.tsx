import type {IssueDetail} from 'schema';
import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {useMayChange} from '../../api/session';
import {Link} from '../../app/router';
import {Answered, Empty} from '../../parts/states';
import {counted, grouped} from '../../text/numbers';
import {merge} from '../../triage/merge';
import {State} from '../../triage/state';
import {Title} from '../../parts/title';

/** Issues of the model that share functions with it. Whether they are one bug, people decide. */
export function Similar({issue}: {issue: IssueDetail}): ReactElement {
    const similar = useAnswer('GET /api/issues/{issue}/similar', {path: {issue: issue.name}});
    const mayMerge = useMayChange() && issue.state !== 'merged';
    return (
        <Answered of={similar}>
            {({issues}) =>
                issues.length === 0 ? (
                    <Empty title="No issue of this model shares a function with it." />
                ) : (
                    <div className="table">
                        <table aria-label="Similar issues">
                            <tbody>
                                {issues.map((other) => (
                                    <tr key={other.id}>
                                        <td>
                                            <Link to={`/issues/${other.name}`}>{other.name}</Link>
                                        </td>
                                        <td>
                                            <Title brief>{other.title ?? other.kind}</Title>
                                        </td>
                                        <td>
                                            <State of={other} />
                                        </td>
                                        <td className="right">{counted(other.devices, 'device')}</td>
                                        <td className="right">{grouped(other.occurrences)}×</td>
                                        {mayMerge && (
                                            <td className="right">
                                                <button onClick={() => void merge(issue, other)}>Merge into it</button>
                                            </td>
                                        )}
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                )
            }
        </Answered>
    );
}
