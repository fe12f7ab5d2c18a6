import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { createRoot } from 'react-dom/client';
import { Desk } from './app.js';
import './desk.css';

// Browsers hide the attribute from scripts of others; the property is there for our own.
const { nonce } = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')!;
const cache = createCache({ key: 'desk', nonce, prepend: true });

createRoot(document.getElementById('desk')!).render(
  <CacheProvider value={cache}>
    <Desk />
  </CacheProvider>,
);
