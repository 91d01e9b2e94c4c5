import type {ReactElement} from 'react';

import {Coredump} from '../screens/coredump/coredump';
import {Coredumps} from '../screens/coredumps/coredumps';
import {Device} from '../screens/device/device';
import {Devices} from '../screens/devices/devices';
import {Firmware} from '../screens/firmware/firmware';
import {Health} from '../screens/health/health';
import {Inbox} from '../screens/inbox/inbox';
import {Issue} from '../screens/issue/issue';

/** The named parts of the path: {issue: 'THERMOSTAT-12'}. */
export type Parts = Readonly<Record<string, string>>;

export interface Screen {
    readonly pattern: string;
    readonly show: (parts: Parts) => ReactElement;
    /** For those that the header leads to: the link's text, and the second key of `g i`. */
    readonly nav?: {readonly name: string; readonly key: string};
}

/** All screens. A new one is a folder in screens/ and a line here. */
export const screens: readonly Screen[] = [
    {pattern: '/', show: Inbox, nav: {name: 'Inbox', key: 'i'}},
    {pattern: '/issues/{issue}', show: Issue},
    {pattern: '/coredumps/{id}', show: Coredump},
    {pattern: '/coredumps', show: Coredumps},
    {pattern: '/devices', show: Devices, nav: {name: 'Devices', key: 'd'}},
    {pattern: '/devices/{id}', show: Device},
    {pattern: '/firmware', show: Firmware, nav: {name: 'Firmware', key: 'f'}},
    {pattern: '/status', show: Health, nav: {name: 'Health', key: 'h'}},
];
