import type {CrashReport} from 'schema';
import type {ReactElement} from 'react';

import {Link} from '../../app/router';
import {BriefCode, Code, Text} from '../../parts/code';
import {Copy} from '../../parts/copy';
import {addressOf} from '../../text/place';

/** Why it counts for its issue: what its signature is made of. */
export function Identity({report: {signature, crash, elf_sha256}}: {report: CrashReport}): ReactElement {
    return (
        <section>
            <h2>Why it is of this issue</h2>
            <dl className="identity">
                <dt>Kind</dt>
                <dd>
                    <Link to={addressOf('/', {tab: 'all', kind: crash.kind})} title="Issues of this kind">
                        <Text>{crash.kind}</Text>
                    </Link>
                    {crash.detail !== '' && (
                        <>
                            : <Code>{crash.detail}</Code>
                        </>
                    )}
                </dd>
                <dt>Functions</dt>
                <dd>
                    {crash.functions.length === 0 && <span className="quiet">none count for this kind</span>}
                    {crash.functions.map((name, i) => (
                        <span key={name}>
                            {i > 0 && ', called by '}
                            <Link to={addressOf('/', {tab: 'all', function: name})} title="Issues through this function">
                                <BriefCode most={72}>{name}</BriefCode>
                            </Link>
                        </span>
                    ))}
                </dd>
                {crash.skipped.length > 0 && (
                    <>
                        <dt>Passed over</dt>
                        <dd>
                            {crash.skipped.map(({function: name, rule}, i) => (
                                <div key={i}>
                                    <Code>{name}</Code> <span className="quiet">{rule}</span>
                                </div>
                            ))}
                        </dd>
                    </>
                )}
                <dt>Quality</dt>
                <dd>
                    {crash.quality}
                    {crash.quality_reason !== '' && (
                        <>
                            : <Text>{crash.quality_reason}</Text>
                        </>
                    )}
                </dd>
                <dt>Signature</dt>
                <dd>
                    <Code>{signature}</Code> <span className="quiet">by rules {crash.rules}</span>
                </dd>
                <dt>ELF</dt>
                <dd>
                    <Code>{elf_sha256}</Code> <Copy text={elf_sha256} what="the ELF's SHA-256" />
                </dd>
            </dl>
        </section>
    );
}
