import type {IssueDetail} from 'schema';
import type {ReactElement} from 'react';

import {change} from '../../api/answers';
import {useMayChange} from '../../api/session';
import {go, Link} from '../../app/router';
import {BriefCode, Code} from '../../parts/code';
import {notify, notifyProblem} from '../../parts/notice';
import {grouped} from '../../text/numbers';
import {addressOf} from '../../text/place';
import {Title} from '../../parts/title';

/** What the issue is made of. One of several signatures can become an issue of its own. */
export function Signatures({issue}: {issue: IssueDetail}): ReactElement {
    const maySplit = useMayChange() && issue.signatures.length > 1;
    const split = async (signature: string): Promise<void> => {
        try {
            const path = {issue: issue.name, signature};
            const made = await change('POST /api/issues/{issue}/signatures/{signature}/split', {path, revision: issue.revision});
            notify(`${made.name} is an issue of its own now.`);
            go(`/issues/${made.name}`);
        } catch (error) {
            notifyProblem(error);
        }
    };
    return (
        <>
            <div className="table">
                <table aria-label="Signatures">
                    <thead>
                        <tr>
                            <th>Signature</th>
                            <th>Functions that tell it</th>
                            <th>Quality</th>
                            <th className="right">Core dumps</th>
                            {maySplit && <th />}
                        </tr>
                    </thead>
                    <tbody>
                        {issue.signatures.map((one) => (
                            <tr key={one.signature}>
                                <td>
                                    <Title>{one.title}</Title>
                                    <div className="quiet">
                                        <Code>{one.signature}</Code>
                                    </div>
                                </td>
                                <td>
                                    {one.functions.map((name) => (
                                        <div key={name}>
                                            <Link to={addressOf('/', {tab: 'all', function: name})} title="Issues through this function">
                                                <BriefCode most={72}>{name}</BriefCode>
                                            </Link>
                                        </div>
                                    ))}
                                </td>
                                <td>{one.quality}</td>
                                <td className="right">{grouped(one.occurrences)}</td>
                                {maySplit && (
                                    <td className="right">
                                        <button onClick={() => void split(one.signature)}>Split off</button>
                                    </td>
                                )}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {issue.elsewhere.length > 0 && (
                <p>
                    The same in other models:{' '}
                    {issue.elsewhere.map(({id, name}, i) => (
                        <span key={id}>
                            {i > 0 && ', '}
                            <Link to={`/issues/${name}`}>{name}</Link>
                        </span>
                    ))}
                </p>
            )}
        </>
    );
}
