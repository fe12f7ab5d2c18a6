import { faultsIn, formOf, limitsOf, timeZones } from './limits-form.js';

const none = formOf(null, 'Europe/Paris');

it('what holds goes through the form unchanged', () => {
  const limits = {
    cameo: true,
    remix: false,
    daily_generations: 5,
    quiet_hours: { from: '21:30', to: '06:00', time_zone: 'America/Montreal' },
    blocked_categories: ['political' as const, 'violence' as const],
  };
  const view = { ...limits, object: 'guardian.limits' as const, version: 3, updated_at: null };
  expect(limitsOf(formOf(view, 'Europe/Paris'))).toEqual(limits);
});

it('without quiet hours and without a number nothing of them is sent', () => {
  expect(limitsOf({ ...none, number: '7', from: '20:00' })).toMatchObject({
    daily_generations: null,
    quiet_hours: null,
  });
});

it.each([
  [{ daily: 'atMost', number: '' }, { number: true }],
  [{ daily: 'atMost', number: '1.5' }, { number: true }],
  [{ daily: 'atMost', number: '1001' }, { number: true }],
  [{ daily: 'atMost', number: '0' }, { number: false }],
  [{ daily: 'unlimited', number: 'x' }, { number: false }],
  [{ quiet: true, from: '07:00', to: '07:00' }, { hours: true }],
  [{ quiet: true, from: '', to: '07:00' }, { hours: true }],
  [{ quiet: false, from: '', to: '' }, { hours: false }],
] as const)('%j: %j', (change, faults) => expect(faultsIn({ ...none, ...change })).toMatchObject(faults));

it('knows the zone of the limits even where the browser does not', () => {
  expect(timeZones('Nowhere/Here')).toEqual(expect.arrayContaining(['Europe/Paris', 'UTC', 'Nowhere/Here']));
});
