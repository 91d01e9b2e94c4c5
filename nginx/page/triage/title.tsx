import type {ReactElement} from 'react';

import {Code, Text} from '../parts/code';
import {titleOf} from '../text/title';

/** An issue's or core dump's title: what happened, and where. */
export function Title({children}: {children: string | null}): ReactElement {
    if (children === null) return <span className="quiet">not decoded yet</span>;
    const {what, where, line, remark} = titleOf(children);
    return (
        <>
            <Text>{what}</Text>
            {where !== null && (
                <>
                    {' in '}
                    <Code>{where}</Code>
                </>
            )}
            {line !== null && (
                <>
                    {' '}
                    <span className="line">
                        <Code>{line}</Code>
                    </span>
                </>
            )}
            {remark !== null && <span className="quiet"> ({remark})</span>}
        </>
    );
}
