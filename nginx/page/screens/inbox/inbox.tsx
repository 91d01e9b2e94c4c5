import type {ReactElement} from 'react';

export const Inbox = (): ReactElement => <h1>Inbox</h1>;
