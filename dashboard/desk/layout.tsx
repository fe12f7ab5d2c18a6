import { Box } from '@mui/material';
import { Suspense, type ReactNode } from 'react';
import { AppBar, Layout, LocalesMenuButton, Logout, ToggleThemeButton, UserMenu } from 'react-admin';
import { useFreshLists } from './events.js';
import { DeskMenu } from './menu.js';
import { SessionWatch } from './parts/session-watch.js';
import { UndoToast } from './review/undo-toast.js';

/** Without a button to load again: what is shown is read again when something changes. */
function DeskBar() {
  return (
    <AppBar
      color="default"
      toolbar={
        <>
          <LocalesMenuButton />
          <ToggleThemeButton />
        </>
      }
      userMenu={
        <UserMenu>
          <Logout />
        </UserMenu>
      }
      sx={{ borderBottom: 1, borderColor: 'divider' }}
      elevation={0}
    >
      <Box component="span" sx={{ fontWeight: 650, mr: 2 }}>
        Imprimatur
      </Box>
      <Box sx={{ flexGrow: 1 }} />
    </AppBar>
  );
}

/** The frame of all screens but Review, which has the window to itself. */
export function DeskLayout({ children }: { children: ReactNode }) {
  useFreshLists();
  return (
    <Layout menu={DeskMenu} appBar={DeskBar}>
      <SessionWatch />
      <Suspense fallback={null}>{children}</Suspense>
      <UndoToast />
    </Layout>
  );
}
