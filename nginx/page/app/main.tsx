import {createRoot} from 'react-dom/client';

import {fetchSession} from '../api/session';
import {Page} from './page';
import './style.css';

void fetchSession().catch(() => undefined); // the screen's own request says what is wrong
const root = document.getElementById('page');
if (root) createRoot(root).render(<Page />);
