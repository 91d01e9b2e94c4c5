import type {ReactElement} from 'react';

export const Issue = (): ReactElement => <h1>Issue</h1>;
