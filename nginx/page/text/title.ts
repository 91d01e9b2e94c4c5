/** An issue's title in its parts, to show code as code:
 *  "Store to invalid address at 0x5 in relay_set_duty (heater.c:39)" */
export interface Title {
    /** "Store to invalid address at 0x5" */
    readonly what: string;
    /** "relay_set_duty"; null: the title names none, and `what` is all of it. */
    readonly where: string | null;
    /** "heater.c:39" */
    readonly line: string | null;
    /** "ELF not verified" */
    readonly remark: string | null;
}

const kRemark = / \((ELF not verified)\)$/;
const kLine = / \(([^()]+:\d+)\)$/;

export function titleOf(title: string): Title {
    const remark = kRemark.exec(title)?.[1] ?? null;
    const rest = title.replace(kRemark, '');
    const line = kLine.exec(rest)?.[1] ?? null;
    const text = rest.replace(kLine, '');
    // The last " in " that is not within parentheses or angle brackets: a function's name may have it there.
    let depth = 0;
    for (let i = text.length - 1; i > 0; i--) {
        const letter = text[i] ?? '';
        if (')>}'.includes(letter)) depth++;
        if ('(<{'.includes(letter)) depth--;
        if (depth === 0 && text.startsWith(' in ', i)) {
            const where = text.slice(i + 4);
            if (where.startsWith('task ') || where === '') break;
            return {what: text.slice(0, i), where, line, remark};
        }
    }
    return {what: text, where: null, line, remark};
}

/** The file's name of a path as compilers write it, with either kind of slash. */
export const fileName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
