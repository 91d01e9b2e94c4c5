import type {CrashReport, Frame} from 'schema';

/** Frames in a row: of the application, or of the system, which one folds. */
export interface Run {
    readonly system: boolean;
    /** Of the first frame, in the backtrace. */
    readonly first: number;
    readonly frames: readonly Frame[];
}

// Where ESP-IDF's and the compilers' own sources lie, and what they call the outermost functions of a task. Only what
// is shown hangs on it; what a signature is made of the decoder has decided (`crash.skipped`).
const kSystemPath = /\/(freertos|newlib|picolibc|esp_libc|esp_system|esp_rom|espcoredump|libgcc|libstdc\+\+-v3|rustc|rustlib)\/|\/(esp-idf|idf|framework-espidf)\/components\//i;
const kSystemName = /^(main_task|loopTask|pthread_task_func|vPortTaskWrapper|prvIdleTask|prvTimerTask|_?_?panic_\w+|panic_abort|esp_system_abort|abort|__assert(_func)?|_xt_\w+|_(global_)?interrupt_handler)$/;

function isSystem(frame: Frame, skipped: ReadonlySet<string>): boolean {
    if (frame.function === null) return frame.file === null;
    if (skipped.has(frame.function) || kSystemName.test(frame.function)) return true;
    return frame.file !== null && kSystemPath.test(frame.file.replaceAll('\\', '/'));
}

/** Splits a backtrace into runs. One that has nothing but system frames is a single run that is not folded. */
export function runsOf(frames: readonly Frame[], report: Pick<CrashReport, 'crash'> | null): readonly Run[] {
    const skipped = new Set(report?.crash.skipped.map((one) => one.function) ?? []);
    const telling = new Set(report?.crash.functions.map((name) => name.replace(/ \([^)]*\)$/, '')) ?? []);
    const system = frames.map((frame) => !telling.has(frame.function ?? '') && isSystem(frame, skipped));
    if (system.every(Boolean)) return frames.length > 0 ? [{system: false, first: 0, frames}] : [];
    const runs: {system: boolean; first: number; frames: Frame[]}[] = [];
    for (const [i, frame] of frames.entries()) {
        const last = runs[runs.length - 1];
        if (last && last.system === system[i]) last.frames.push(frame);
        else runs.push({system: system[i] ?? false, first: i, frames: [frame]});
    }
    return runs;
}

const kUnknown = /^<(optimized out|synthetic pointer|unreadable|unknown|error:.*)>$/;

/** Whether a variable's value tells something. */
export const isKnown = (value: string): boolean => !kUnknown.test(value);

/** Whether it is a pointer that points nowhere: most crashes have one. */
export const isNull = (value: string): boolean => /^(\([^)]*\) ?)?0x0+$/.test(value);
