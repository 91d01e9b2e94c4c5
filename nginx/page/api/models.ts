import type {DeviceModel} from 'schema';

import type {Problem} from './api';
import {useAnswer} from './answers';

/** All device models; other answers name them by id or by code. */
export interface Models {
    /** Undefined: they are not known yet. */
    readonly all?: readonly DeviceModel[];
    readonly problem?: Problem;
    readonly ofId: (id: number) => DeviceModel | undefined;
    readonly ofCode: (code: string | undefined) => DeviceModel | undefined;
}

export function useModels(): Models {
    const {answer, problem} = useAnswer('GET /api/device-models', {query: {limit: 1000}});
    const all = answer?.device_models;
    return {
        ...(all ? {all} : {}),
        ...(problem ? {problem} : {}),
        ofId: (id) => all?.find((model) => model.id === id),
        ofCode: (code) => all?.find((model) => model.code === code),
    };
}
