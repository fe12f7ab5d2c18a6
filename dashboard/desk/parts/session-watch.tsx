import { useEffect } from 'react';
import { useLocaleState, useLogout } from 'react-admin';
import { useSession } from '../session.js';

/** Goes to the sign-in when the session ended, and reads in the language of who signed in. */
export function SessionWatch(): null {
  const { session, lost } = useSession();
  const logout = useLogout();
  const [locale, setLocale] = useLocaleState();
  const wanted = session?.staff.locale;
  useEffect(() => {
    if (lost) void logout({}, '/login?expired=1');
  }, [lost, logout]);
  useEffect(() => {
    if (wanted && wanted !== locale) void setLocale(wanted);
    // Only when the person or their setting changes: a choice made here is on its way to the service.
  }, [wanted]);
  return null;
}
