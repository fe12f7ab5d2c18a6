import AccountTreeIcon from '@mui/icons-material/AccountTree';
import AdminPanelSettingsIcon from '@mui/icons-material/AdminPanelSettings';
import BalanceIcon from '@mui/icons-material/Balance';
import ChildCareIcon from '@mui/icons-material/ChildCare';
import DescriptionIcon from '@mui/icons-material/Description';
import FaceIcon from '@mui/icons-material/Face';
import FactCheckIcon from '@mui/icons-material/FactCheck';
import GavelIcon from '@mui/icons-material/Gavel';
import HistoryIcon from '@mui/icons-material/History';
import InboxIcon from '@mui/icons-material/Inbox';
import InsightsIcon from '@mui/icons-material/Insights';
import KeyIcon from '@mui/icons-material/Key';
import PeopleIcon from '@mui/icons-material/People';
import PolicyIcon from '@mui/icons-material/Policy';
import SettingsIcon from '@mui/icons-material/Settings';
import ShieldIcon from '@mui/icons-material/Shield';
import TodayIcon from '@mui/icons-material/Today';
import type { ComponentType } from 'react';
import { Menu } from 'react-admin';
import type { StaffAction } from '#contracts';
import { useWords } from './i18n.js';
import { useSession } from './session.js';
import type { Words } from './words/en.js';

/** One screen: where, which right opens it, its name. */
interface Entry {
  to: string;
  needs: StaffAction;
  icon: ComponentType;
  name: (w: Words) => string;
}

const ENTRIES: readonly Entry[] = [
  { to: '/', needs: 'shift.read', icon: TodayIcon, name: (w) => w.shift.title },
  { to: '/cases', needs: 'case.list', icon: InboxIcon, name: (w) => w.cases.title },
  { to: '/second', needs: 'case.list', icon: FactCheckIcon, name: (w) => w.cases.second },
  { to: '/appeals', needs: 'appeal.read', icon: BalanceIcon, name: (w) => w.cases.appeals },
  { to: '/child_safety', needs: 'child_safety.read', icon: ChildCareIcon, name: (w) => w.safety.title },
  { to: '/makers', needs: 'account.read', icon: PeopleIcon, name: (w) => w.makers.title },
  { to: '/likeness', needs: 'likeness.read', icon: FaceIcon, name: (w) => w.people.title },
  { to: '/register', needs: 'register.read', icon: ShieldIcon, name: (w) => w.register.title },
  { to: '/statements', needs: 'statement.read', icon: DescriptionIcon, name: (w) => w.statements.title },
  { to: '/queues', needs: 'queue.read', icon: AccountTreeIcon, name: (w) => w.queues.title },
  { to: '/policies', needs: 'policy.read', icon: PolicyIcon, name: (w) => w.policies.title },
  { to: '/quality', needs: 'quality.read', icon: InsightsIcon, name: (w) => w.quality.title },
  { to: '/golden', needs: 'golden.edit', icon: GavelIcon, name: (w) => w.golden.title },
  { to: '/audit', needs: 'audit.read', icon: HistoryIcon, name: (w) => w.audit.title },
  { to: '/keys', needs: 'key.read', icon: KeyIcon, name: (w) => w.platforms.title },
  { to: '/staff', needs: 'staff.read', icon: AdminPanelSettingsIcon, name: (w) => w.staff.title },
  { to: '/settings', needs: 'session.own', icon: SettingsIcon, name: (w) => w.settings.title },
];

/** The screens that this person may open. */
export function DeskMenu() {
  const { w } = useWords();
  const { session } = useSession();
  return (
    <Menu>
      {ENTRIES.filter(({ needs }) => session?.may.includes(needs)).map(({ to, icon: Icon, name }) => (
        <Menu.Item key={to} to={to} primaryText={name(w)} leftIcon={<Icon />} />
      ))}
    </Menu>
  );
}
