const kMinute = 60_000;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;

const kDate = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short'});
const kDateOfYear = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', year: 'numeric'});
const kExact = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
});

/** How long before `now` that was: `now`, `4 min`, `2 h`, `3 d`, and from a week on the date in the reader's zone. */
export function ago(time: Date, now: Date): string {
    const passed = now.getTime() - time.getTime();
    if (passed < -kMinute) return ahead(-passed);
    if (passed < kMinute) return 'now';
    if (passed < kHour) return `${Math.floor(passed / kMinute)} min`;
    if (passed < kDay) return `${Math.floor(passed / kHour)} h`;
    if (passed < 7 * kDay) return `${Math.floor(passed / kDay)} d`;
    return (time.getFullYear() === now.getFullYear() ? kDate : kDateOfYear).format(time);
}

function ahead(left: number): string {
    if (left < kHour) return `in ${Math.ceil(left / kMinute)} min`;
    if (left < kDay) return `in ${Math.ceil(left / kHour)} h`;
    return `in ${Math.ceil(left / kDay)} d`;
}

/** `ago` that reads in a sentence: `4 min ago`, `on 12 Nov`, `just now`. */
export function agoInWords(time: Date, now: Date): string {
    const text = ago(time, now);
    if (text === 'now') return 'just now';
    if (text.startsWith('in ')) return text;
    return /^\d+ (min|h|d)$/.test(text) ? `${text} ago` : `on ${text}`;
}

/** In the reader's zone, and in UTC as logs have it. */
export const exact = (time: Date): string => `${kExact.format(time)}\n${utc(time)}`;
export const utc = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export const dayAndMonth = (time: Date): string => kDate.format(time);
