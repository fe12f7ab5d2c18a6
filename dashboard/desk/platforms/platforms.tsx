import { Tab, Tabs } from '@mui/material';
import { LinkBase, useLocation } from 'react-admin';
import { useWords } from '../i18n.js';
import { Page } from '../parts/page.js';
import { may } from '../session.js';
import { Keys } from './keys.js';
import { Webhooks } from './webhooks.js';

/** How platforms get in, and how they hear of what happens. */
export function Platforms() {
  const { w } = useWords();
  const { pathname } = useLocation();
  const at = pathname === '/webhooks' && may('webhook.read') ? 'webhooks' : 'keys';
  return (
    <Page title={w.platforms.title} intro={w.platforms.intro}>
      <Tabs value={at} aria-label={w.platforms.title} sx={{ mb: 1.5 }}>
        <Tab value="keys" label={w.platforms.keys} component={LinkBase} to="/keys" />
        <Tab value="webhooks" label={w.platforms.webhooks} component={LinkBase} to="/webhooks" />
      </Tabs>
      {at === 'keys' ? <Keys /> : <Webhooks />}
    </Page>
  );
}
