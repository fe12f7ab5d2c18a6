import { faultsIn, formOf, grantOf, sameGrant, type GrantForm } from './grant.js';
import { faultsOf, yearsOld } from '../release.js';

const narrow = formOf({ grant: null, approved: [] });

describe('a grant in the form', () => {
  it('is the narrowest where there is none', () => {
    expect(grantOf(narrow)).toEqual({
      audience: 'only_me',
      limits: { no: ['violence', 'politics', 'swimwear', 'sexual'], never: [] },
      places: [],
      until: null,
    });
  });

  it('goes there and back unchanged', () => {
    const form: GrantForm = {
      audience: 'approved',
      no: ['sexual'],
      never: ' smoking \n\nin a bank\n',
      ends: 'day',
      day: '2027-03-04',
      where: 'only',
      places: ['FR', 'BE'],
      approved: ['maria'],
    };
    const put = grantOf(form);
    expect(put.limits.never).toEqual(['smoking', 'in a bank']);
    expect(put.places).toEqual(['BE', 'FR']);
    const grant = { id: 'gra_1', object: 'consent.grant', created_at: '', ended_at: null, ...put } as const;
    const again = formOf({ grant, approved: ['maria'] });
    expect(again.day).toBe('2027-03-04');
    expect(sameGrant(form, again)).toBe(true);
    expect(sameGrant(form, { ...again, approved: ['maria', 'bo'] })).toBe(false);
    expect(sameGrant(form, { ...again, no: [] })).toBe(false);
  });

  it('everywhere names no countries, and without an end there is no day', () => {
    expect(grantOf({ ...narrow, places: ['FR'], day: '2027-01-01' })).toMatchObject({ places: [], until: null });
  });

  it.each([
    [{ never: 'x\n'.repeat(21) }, { never: 'tooMany' }],
    [{ never: 'x'.repeat(201) }, { never: 'tooLong' }],
    [{ ends: 'day', day: '2026-01-01' }, { day: true }],
    [{ ends: 'day', day: '' }, { day: true }],
    [{ where: 'only' }, { places: true }],
    [
      { ends: 'day', day: '2026-06-01' },
      { never: null, day: false, places: false },
    ],
  ] as const)('%j is answered with %j', (change, faults) => {
    expect(faultsIn({ ...narrow, ...change }, new Date('2026-06-01T12:00:00'))).toMatchObject(faults);
  });
});

describe('a release', () => {
  const today = new Date(2026, 10, 28);
  it.each([
    ['2008-11-28', 18],
    ['2008-11-29', 17],
    ['2008-12-01', 17],
    ['', NaN],
  ])('born on %j: %d years', (birth, years) => expect(yearsOld(birth, today)).toBe(years));

  it.each([
    [{}, { name: false, birth: null, handle: false, confirm: false }],
    [{ name: '  ' }, { name: true }],
    [{ birth: '2010-01-01' }, { birth: 'young' }],
    [{ birth: '2090-01-01' }, { birth: 'birth' }],
    [{ handle: '@Ana.b' }, { handle: false }],
    [{ handle: 'ab' }, { handle: true }],
    [{ handle: 'é-clair' }, { handle: true }],
    [{ accept: false }, { confirm: true }],
  ])('%j: %j', (change, faults) => {
    const good = { name: 'Ana', birth: '1990-01-01', handle: '', isMe: true, isAdult: true, accept: true };
    expect(faultsOf({ ...good, ...change }, 18, today)).toMatchObject(faults);
  });
});
