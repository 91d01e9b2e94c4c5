import type {ReactElement} from 'react';

export const Coredump = (): ReactElement => <h1>Coredump</h1>;
