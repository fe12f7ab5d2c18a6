import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import '../shared/style/base.css';
import '../shared/style/parts.css';
import '../shared/style/forms.css';
import './style/guardian.css';

createRoot(document.getElementById('page')!).render(<App />);
