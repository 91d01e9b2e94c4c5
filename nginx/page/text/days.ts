import {dayAndMonth} from './time';

const kDay = 86_400_000;

/** So many days up to today, the oldest first, also those on which nothing happened. The API's days are UTC's. */
export function daysOf(
    known: readonly {readonly day: string; readonly occurrences: number}[],
    now: Date,
    count: number,
): readonly {readonly value: number; readonly label: string}[] {
    const occurrences = new Map(known.map((one) => [one.day, one.occurrences]));
    return Array.from({length: count}, (_, i) => {
        const day = new Date(now.getTime() - (count - 1 - i) * kDay).toISOString().slice(0, 10);
        const value = occurrences.get(day) ?? 0;
        return {value, label: `${dayAndMonth(new Date(`${day}T12:00:00`))}: ${value}`};
    });
}
