const kGrouped = new Intl.NumberFormat('en-GB');

/** `1,204` */
export const grouped = (number: number): string => kGrouped.format(number);

/** `1 device`, `312 devices` */
export const counted = (number: number, one: string, many = `${one}s`): string =>
    `${grouped(number)} ${number === 1 ? one : many}`;

/** `1.7 %`; `< 0.1 %` for what is not nothing, and `> 99.9 %` for what is not all. */
export function percent(part: number, whole: number): string {
    if (whole <= 0) return '–';
    const share = (100 * part) / whole;
    if (share === 0 || share === 100) return `${share} %`;
    if (share < 0.1) return '< 0.1 %';
    if (share > 99.9 && share < 100) return '> 99.9 %';
    return `${share < 10 ? share.toFixed(1).replace(/\.0$/, '') : Math.round(Math.min(share, 99))} %`;
}

/** `64 KB`; 1 KB is 1024 bytes, as in the sizes of memories. */
export function bytes(number: number): string {
    const units = ['B', 'KB', 'MB', 'GB', 'TB'];
    let size = number;
    let unit = 0;
    while (size >= 1024 && unit < units.length - 1) {
        size /= 1024;
        unit++;
    }
    return `${unit > 0 && size < 10 ? size.toFixed(1).replace(/\.0$/, '') : Math.round(size)} ${units[unit]}`;
}

/** An address or register of 32 bits: `0x4037f6b2`. */
export const address = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`;
