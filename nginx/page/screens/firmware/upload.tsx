import type {DeviceModel} from 'schema';
import {useState} from 'react';
import type {FormEvent, ReactElement} from 'react';

import {change} from '../../api/answers';
import {Problem} from '../../api/api';
import {Dialog} from '../../parts/dialog';
import {notify} from '../../parts/notice';
import {ErrorBox} from '../../parts/states';
import {bytes} from '../../text/numbers';

/** Uploads firmware by hand, as pipelines do it. */
export function Upload({model, close}: {model: DeviceModel; close: () => void}): ReactElement {
    const [file, setFile] = useState<File | null>(null);
    const [sending, setSending] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const send = async (event: FormEvent): Promise<void> => {
        event.preventDefault();
        if (!file) return;
        setSending(true);
        setProblem(null);
        try {
            const {firmware_version} = await change('POST /api/device-models/{id}/firmware', {path: {id: model.id}, body: file});
            notify(`Devices of ${model.code} get ${firmware_version} from now on.`);
            close();
        } catch (error) {
            setProblem(error instanceof Problem ? error : new Problem(String(error), 0, null));
            setSending(false);
        }
    };
    return (
        <Dialog title={`Upload firmware for ${model.code}`} close={close}>
            <form onSubmit={(event) => void send(event)}>
                <p>
                    A bundle (.zip with image, ELF, map, sdkconfig and version.json), by which core dumps of it are decoded. An image alone (.bin)
                    updates devices, and decodes nothing.
                </p>
                <p>
                    <b>Devices that ask for firmware get it at once.</b>
                </p>
                <label>
                    File <input type="file" accept=".zip,.bin" required onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
                </label>
                {problem && <ErrorBox problem={problem} />}
                <div className="actions">
                    <button type="button" onClick={close}>
                        Cancel
                    </button>
                    <button className="main" disabled={!file || sending}>
                        {sending ? 'Uploading…' : file ? `Upload ${bytes(file.size)}` : 'Upload'}
                    </button>
                </div>
            </form>
        </Dialog>
    );
}
