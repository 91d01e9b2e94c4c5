import type {Health} from 'schema';

/** One thing that is looked at. */
export interface Check {
    readonly name: string;
    /** The server's word for how it is. */
    readonly says: string;
    readonly state: 'good' | 'waits' | 'wrong';
    /** What it is for, or what to do about it. */
    readonly means: string;
}

const kDisk: Readonly<Record<string, string>> = {
    ok: '',
    unavailable: 'The folder cannot be reached.',
    'read-only': 'Nothing can be written to it.',
    full: 'There is no room left.',
    'out of inodes': 'No more files fit.',
    'not configured': 'No folder is set.',
};

interface About {
    readonly name: string;
    /** What each word means, beside what the thing is for. The first word is the good one, those in `waits` are not bad. */
    readonly means: Readonly<Record<string, string>>;
    readonly waits?: readonly string[];
    readonly is: string;
}

const kAbout: Readonly<Partial<Record<keyof Health, About>>> = {
    database: {
        name: 'Database',
        is: 'Devices, issues, and what is known of each core dump.',
        means: {
            ok: '',
            unavailable: 'It does not answer. Core dumps are taken meanwhile, and wait in the spool.',
            empty: 'It knows no device, although there are core dumps of some. Was it restored?',
        },
    },
    coredumps_dir: {name: 'Disk for core dumps', is: 'The files as devices sent them.', means: kDisk},
    assets_dir: {name: 'Disk for firmware', is: 'Images for devices, ELFs for the decoder.', means: kDisk},
    spool: {
        name: 'Spool',
        is: 'Core dumps that came while the database was away.',
        means: {
            empty: '',
            waiting: 'They get their rows by themselves, once the database is back.',
            full: 'It takes no more: core dumps are refused until the database is back.',
            'not configured': 'Without a folder for it nothing is taken while the database is away.',
        },
        waits: ['waiting'],
    },
    quarantine: {
        name: 'Quarantine',
        is: 'Core dumps that were taken and cannot be recorded.',
        means: {empty: '', occupied: 'A sysadmin should look: coredepot-fsck lists them.'},
    },
    retention: {
        name: 'Room for core dumps',
        is: 'Files go while there is too little room, and their reports stay.',
        means: {
            ok: '',
            unmet: 'There is too little, and no file may go: lower KEEP_PER_ISSUE, or give the volume more.',
            'not configured': 'No limit is set.',
        },
        waits: ['not configured'],
    },
    sidecar: {
        name: 'Decoder',
        is: 'Makes backtraces of core dumps, in a sandbox.',
        means: {configured: '', 'not configured': 'Core dumps are kept, and not decoded.'},
    },
    alerts: {
        name: 'Alerts',
        is: 'Whether those can be told who are to be told of issues.',
        means: {ok: '', none: 'Nobody is.', failing: 'One could not be for a day, or is gone: see below.'},
        waits: ['none'],
    },
    tokens: {
        name: 'Logging in',
        is: 'Whether tokens can be checked with the keys of the issuer.',
        means: {
            ok: '',
            'old keys': 'The issuer does not answer; the last keys that it gave are still used.',
            'no keys': 'The issuer never said its keys, so nobody can log in.',
            'not checked': 'Everybody who reaches this machine is trusted. That is meant for loopback only.',
        },
        waits: ['old keys', 'not checked'],
    },
};

/** What `/health` says, in words. What it leaves out it does not know. */
export function checksOf(health: Health): readonly Check[] {
    return (Object.entries(kAbout) as [keyof Health, About][]).flatMap(([member, {name, is, means, waits}]) => {
        const says = health[member];
        if (says === undefined) return [];
        const good = says === Object.keys(means)[0];
        const state = good ? 'good' : waits?.includes(says) ? 'waits' : 'wrong';
        return [{name, says, state, means: [is, means[says]].filter(Boolean).join(' ')} as const];
    });
}
