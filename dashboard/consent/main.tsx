import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import '../shared/style/base.css';
import '../shared/style/parts.css';
import '../shared/style/forms.css';
import './style/enrolment.css';

const given = Number(document.querySelector<HTMLMetaElement>('meta[name="max-upload-bytes"]')?.content);

createRoot(document.getElementById('page')!).render(<App maxBytes={given > 0 ? given : Infinity} />);
