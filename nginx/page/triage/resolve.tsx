import type {IssueSummary} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {useAnswer} from '../api/answers';
import {useModels} from '../api/models';
import {Dialog} from '../parts/dialog';
import {visible} from '../text/visible';
import {counted} from '../text/numbers';
import {changeIssues} from './changes';

type Fix = 'next' | 'versions' | 'none';

const kFixes: readonly (readonly [Fix, string, string])[] = [
    ['next', 'In the next version that is uploaded', 'If it is seen in that one or later, it comes back as regressed.'],
    ['versions', 'In these versions', 'If it is seen there or later, it comes back as regressed.'],
    ['none', 'In no version yet', 'Nothing opens it again.'],
];

/** Asks in which version issues are fixed, and resolves them. */
export function Resolve({issues, close}: {issues: readonly IssueSummary[]; close: () => void}): ReactElement {
    const [fix, setFix] = useState<Fix>('next');
    const [versions, setVersions] = useState('');
    const models = new Set(issues.map(({model}) => model));
    const known = useVersions(models.size === 1 ? issues[0]?.model : undefined);
    const list = versions.split(',').map((version) => version.trim()).filter(Boolean);
    const resolve = (event: FormEvent): void => {
        event.preventDefault();
        close();
        const state = 'resolved' as const;
        const change = {next: {state, fixed_in_next: true}, versions: {state, fixed_in: list}, none: {state}}[fix];
        void changeIssues(issues, change);
    };
    return (
        <Dialog title={`Resolve ${issues.length === 1 ? issues[0]?.name : counted(issues.length, 'issue')}`} close={close}>
            <form onSubmit={resolve}>
                <fieldset>
                    <legend>Where is it fixed?</legend>
                    {kFixes.map(([value, text, then]) => (
                        <label key={value} className="choice">
                            <input type="radio" name="fix" autoFocus={value === 'next'} checked={fix === value} onChange={() => setFix(value)} />
                            <span>
                                {text}
                                {value === 'versions' && fix === 'versions' && (
                                    <input
                                        type="text"
                                        aria-label="Versions, with commas between them"
                                        placeholder="1.8.1, 1.9.0"
                                        list="versions"
                                        required
                                        value={versions}
                                        onChange={(event) => setVersions(event.target.value)}
                                    />
                                )}
                                <small className="quiet">{then}</small>
                            </span>
                        </label>
                    ))}
                    <datalist id="versions">
                        {known.map((version) => (
                            <option key={version} value={visible(version)} />
                        ))}
                    </datalist>
                </fieldset>
                <div className="actions">
                    <button type="button" onClick={close}>
                        Cancel
                    </button>
                    <button className="main">Resolve</button>
                </div>
            </form>
        </Dialog>
    );
}

/** The versions of a model, the newest first. */
function useVersions(model: string | undefined): readonly string[] {
    const id = useModels().ofCode(model)?.id;
    const versions = useAnswer('GET /api/device-models/{id}/versions', id === undefined ? null : {path: {id}});
    return versions.answer?.versions.map(({version}) => version).reverse() ?? [];
}
