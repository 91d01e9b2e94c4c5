import type {ReactElement} from 'react';

import {BriefCode, Code, Text} from './code';
import {titleOf} from '../text/title';

const kWhole = 300; // in a heading, which has room for all but the longest
const kBrief = 36; // characters of a function's name in a list

/** An issue's or core dump's title: what happened, and where. `brief`: for a row of a list. */
export function Title({children, brief = false}: {children: string | null; brief?: boolean}): ReactElement {
    if (children === null) return <span className="quiet">not decoded yet</span>;
    const {what, where, line, remark} = titleOf(children);
    return (
        <>
            <Text>{what}</Text>
            {where !== null && (
                <>
                    {' in '}
                    {brief ? <BriefCode most={kBrief}>{where}</BriefCode> : <Code most={kWhole}>{where}</Code>}
                </>
            )}
            {line !== null && (
                <>
                    {' '}
                    <span className="line">
                        {brief ? <BriefCode most={kBrief}>{line}</BriefCode> : <Code>{line}</Code>}
                    </span>
                </>
            )}
            {remark !== null && <span className="quiet"> ({remark})</span>}
        </>
    );
}
