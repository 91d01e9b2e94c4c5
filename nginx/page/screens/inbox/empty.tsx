import type {ReactElement} from 'react';

import {useAnswer} from '../../api/answers';
import {Link, usePlace} from '../../app/router';
import {CodeBlock} from '../../parts/code';
import {Copy} from '../../parts/copy';
import {Empty} from '../../parts/states';
import {visible} from '../../text/visible';
import {addressOf, withQuery} from '../../text/place';
import type {Filters} from './filters';

/** Why the list is empty, and what to do. */
export function NoIssues({filters: {tab, period, query}}: {filters: Filters}): ReactElement {
    const place = usePlace();
    const {model, ...others} = query;
    const any = useAnswer('GET /api/issues', {query: {...(model ? {model} : {}), limit: 1}});
    if (any.answer?.issues.length === 0) return <FirstCrash model={model} />;
    return (
        <Empty title={tab.empty}>
            <p>
                {Object.keys(others).length > 0 ? (
                    <Link to={addressOf('/', {model, tab: 'all'})}>Show all issues, without filters</Link>
                ) : tab.name === 'news' ? (
                    <Link to={withQuery(place, {tab: 'open', period: undefined})}>Show what is open</Link>
                ) : (
                    period !== 'ever' && <Link to={withQuery(place, {period: 'ever'})}>Show any time</Link>
                )}
            </p>
        </Empty>
    );
}

/** How a device sends a core dump. */
function FirstCrash({model}: {model: string | undefined}): ReactElement {
    const command =
        `curl --data-binary @coredump.bin -H 'Content-Type: application/octet-stream' \\\n` +
        `  '${location.origin}/api/iot/coredump?chip=esp32c3&firmware_version=1.0.0&device_key=…'`;
    return (
        <Empty title={`No issues. Core dumps${model === undefined ? '' : ` of ${visible(model)}`} are decoded as they come in.`}>
            <p>
                Upload the firmware first, so that they can be decoded. Then a device sends one like this; with OpenID Connect by its token instead
                of its key:
            </p>
            <CodeBlock>{command}</CodeBlock>
            <p>
                <Copy text={command} what="command" />
            </p>
        </Empty>
    );
}
