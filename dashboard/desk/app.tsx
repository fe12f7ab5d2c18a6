import { lazy, Suspense, type ComponentType } from 'react';
import { Admin, CustomRoutes, reactRouterProvider, Resource } from 'react-admin';
import { QueryClient } from '@tanstack/react-query';
import type { StaffAction } from '#contracts';
import { authProvider } from './auth.js';
import { ChildSafetyCases, OpenCases, SecondCases } from './cases/case-list.js';
import { dataProvider } from './data.js';
import { i18nProvider } from './i18n.js';
import { DeskLayout } from './layout.js';
import { may } from './session.js';
import { Shift } from './shift/shift.js';
import { Accept } from './signin/accept.js';
import { SignIn } from './signin/sign-in.js';
import { darkTheme, lightTheme } from './theme.js';
import { DeskError } from './wire.js';

const { Route } = reactRouterProvider;

/** A screen that is fetched when it is opened. */
function later<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazy(async (): Promise<{ default: ComponentType }> => ({ default: (await load())[name] }));
}

// Asked for with the frame, so that it is there when the first case is.
const reviewing = import('./review/page.js');
const Review = later(() => reviewing, 'ReviewPage');
const Makers = later(() => import('./accounts/makers.js'), 'Makers');
const MakerPage = later(() => import('./accounts/maker.js'), 'MakerPage');
const Appeals = later(() => import('./accounts/appeals.js'), 'Appeals');
const Statements = later(() => import('./accounts/statements.js'), 'Statements');
const People = later(() => import('./likeness/people.js'), 'People');
const PersonPage = later(() => import('./likeness/person.js'), 'PersonPage');
const Register = later(() => import('./likeness/register.js'), 'Register');
const EntryPage = later(() => import('./likeness/entry.js'), 'EntryPage');
const SafetyCases = later(() => import('./child-safety/cases.js'), 'SafetyCases');
const SafetyCasePage = later(() => import('./child-safety/case.js'), 'SafetyCasePage');
const Queues = later(() => import('./queues/queues.js'), 'Queues');
const Policies = later(() => import('./policies/policies.js'), 'Policies');
const PolicyPage = later(() => import('./policies/policy.js'), 'PolicyPage');
const Quality = later(() => import('./quality/quality.js'), 'Quality');
const Golden = later(() => import('./quality/golden.js'), 'Golden');
const Audit = later(() => import('./audit/audit.js'), 'Audit');
const Platforms = later(() => import('./platforms/platforms.js'), 'Platforms');
const StaffList = later(() => import('./staff/staff.js'), 'StaffList');
const Settings = later(() => import('./settings/settings.js'), 'Settings');

/** A screen for those who may open it; for others there is nothing at its address. */
function Only({ needs, screen: Screen }: { needs: StaffAction; screen: ComponentType }) {
  return may(needs) ? <Screen /> : null;
}

/** A refusal stays one however often it is asked for; a service that is away may come back. */
const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: (tries, e) => tries < 2 && !(e instanceof DeskError && e.status >= 400 && e.status < 500) },
  },
});

/** The console. */
export function Desk() {
  return (
    <Admin
      requireAuth
      disableTelemetry
      title="Imprimatur"
      {...{ authProvider, dataProvider, i18nProvider, lightTheme, darkTheme, queryClient }}
      layout={DeskLayout}
      loginPage={SignIn}
      dashboard={Shift}
    >
      <Resource name="cases" list={OpenCases} />
      <CustomRoutes noLayout>
        <Route path="/invitation" element={<Accept />} />
        <Route
          path="/review/:id"
          element={
            <Suspense fallback={null}>
              <Review />
            </Suspense>
          }
        />
      </CustomRoutes>
      <CustomRoutes>
        <Route path="/second" element={<Only needs="case.list" screen={SecondCases} />} />
        <Route path="/appeals" element={<Only needs="appeal.read" screen={Appeals} />} />
        <Route path="/child_safety" element={<Only needs="child_safety.read" screen={SafetyCases} />} />
        <Route path="/child_safety/queue" element={<Only needs="child_safety.read" screen={ChildSafetyCases} />} />
        <Route path="/child_safety/:id" element={<Only needs="child_safety.read" screen={SafetyCasePage} />} />
        <Route path="/likeness" element={<Only needs="likeness.read" screen={People} />} />
        <Route path="/likeness/:id" element={<Only needs="likeness.read" screen={PersonPage} />} />
        <Route path="/register" element={<Only needs="register.read" screen={Register} />} />
        <Route path="/register/:id" element={<Only needs="register.read" screen={EntryPage} />} />
        <Route path="/makers" element={<Only needs="account.read" screen={Makers} />} />
        <Route path="/makers/:id" element={<Only needs="account.read" screen={MakerPage} />} />
        <Route path="/statements" element={<Only needs="statement.read" screen={Statements} />} />
        <Route path="/queues" element={<Only needs="queue.read" screen={Queues} />} />
        <Route path="/policies" element={<Only needs="policy.read" screen={Policies} />} />
        <Route path="/policies/:id" element={<Only needs="policy.read" screen={PolicyPage} />} />
        <Route path="/quality" element={<Only needs="quality.read" screen={Quality} />} />
        <Route path="/golden" element={<Only needs="golden.edit" screen={Golden} />} />
        <Route path="/audit" element={<Only needs="audit.read" screen={Audit} />} />
        <Route path="/keys" element={<Only needs="key.read" screen={Platforms} />} />
        <Route path="/webhooks" element={<Only needs="webhook.read" screen={Platforms} />} />
        <Route path="/staff" element={<Only needs="staff.read" screen={StaffList} />} />
        <Route path="/settings" element={<Only needs="session.own" screen={Settings} />} />
      </CustomRoutes>
    </Admin>
  );
}
