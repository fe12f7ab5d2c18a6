import { candidatesOf, nameForms } from './candidates.js';

/** Words of the name that a text would be found to hold; 0 when none. */
function strength(text: string, name: string): number {
  const candidates = candidatesOf(text);
  let best = 0;
  for (const form of nameForms(name)) {
    const whole = candidates.get(form.text);
    if (whole === undefined || (form.words === 1 && !whole)) continue;
    best = Math.max(best, form.words);
  }
  return best;
}

const styled = (first: number) => (name: string) =>
  [...name].map((ch) => (/[a-z]/.test(ch) ? String.fromCodePoint(first + ch.charCodeAt(0) - 97) : ch)).join('');

const ATTACKS: [string, string][] = [
  ['as it is', 'Marie Tolland'],
  ['case', 'MARIE tolland'],
  ['accents', 'Márìê Tôlländ'],
  ['stacked marks', 'M̷̛a̶rie T̴o̵lland'],
  ['Cyrillic', 'Mаriе Tоllаnd'],
  ['Greek', 'Μαriε Τοllαnd'],
  ['full width', 'Ｍａｒｉｅ Ｔｏｌｌａｎｄ'],
  ['mathematical bold', styled(0x1d41a)('marie tolland')],
  ['mathematical script', styled(0x1d4ea)('marie tolland')],
  ['mathematical double-struck', styled(0x1d552)('marie tolland')],
  ['squared capitals', styled(0x1f130)('marie tolland')],
  ['small capitals', 'ᴍᴀʀɪᴇ ᴛᴏʟʟᴀɴᴅ'],
  ['digits', 'M4r1e T0ll4nd'],
  ['digits, one for l', 'Marie To11and'],
  ['digits, one for i and for l', 'Mar1e To1land'],
  ['symbols', 'M@rie Toll@nd'],
  ['bars', 'Mar|e To||and'],
  ['zero-width space inside', 'Ma\u200brie Tol\u200bland'],
  ['zero-width space between', 'Marie\u200bTolland'],
  ['zero-width joiners', 'M\u200da\u200dr\u200di\u200de T\u200do\u200dlland'],
  ['soft hyphens', 'Ma\u00adrie Toll\u00adand'],
  ['right-to-left marks', '\u200fMarie\u200f \u202bTolland\u202c'],
  ['isolates', '\u2067Marie\u2069 \u2067Tolland\u2069'],
  ['letters spaced', 'M a r i e T o l l a n d'],
  ['letters spaced, wider between words', 'M a r i e   T o l l a n d'],
  ['letters with dots', 'M.a.r.i.e. T.o.l.l.a.n.d.'],
  ['letters with hyphens', 'M-a-r-i-e-T-o-l-l-a-n-d'],
  ['letters with stars', 'M*a*r*i*e T*o*l*l*a*n*d'],
  ['pieces of two', 'Ma ri e To ll an d'],
  ['hyphen', 'Marie-Tolland'],
  ['underscore', 'marie_tolland'],
  ['hyphens inside', 'Mar-ie Toll-and'],
  ['written together', 'marietolland'],
  ['hashtag', '#MarieTolland'],
  ['mention', '@marie tolland'],
  ['surname first', 'Tolland Marie'],
  ['surname first, comma', 'TOLLAND, Marie'],
  ['surname first, together', 'tollandmarie'],
  ['possessive', "Marie Tolland's"],
  ['typographic possessive', 'Marie Tolland’s'],
  ['French elision', 'd’Marie Tolland'],
  ['quotes', '"Marie" “Tolland”'],
  ['line break', 'Marie\nTolland'],
  ['no-break space', 'Marie\u00a0Tolland'],
  ['table', '|Marie|Tolland|'],
  ['exclamation', 'Marie Tolland!'],
  ['stretched', 'Marrrrieee Tollllland'],
  ['mixed', 'M\u200b4гіе-Ｔ0ｌ1аnd’s'],
];

describe('a name in a text', () => {
  it.each(ATTACKS)('is found: %s', (_, written) => {
    expect(strength(`A film in which ${written} walks through the rain`, 'Marie Tolland')).toBe(2);
    expect(strength(written, 'Marie Tolland')).toBe(2);
  });

  it('is found however the name itself was given', () => {
    for (const given of ['MARIE TOLLAND', 'Mаrie Tоlland', 'Tolland, Marie', 'marie-tolland']) {
      expect(strength('a portrait of Marie Tolland', given)).toBe(2);
    }
  });

  it.each([
    ['Sinéad O’Brannoch', "portrait d'o'brannoch sinead", 2],
    ['Jean-Luc de la Tour', 'TOUR Jean Luc de la', 5],
    ['Jean-Luc de la Tour', 'jeanluc de latour', 5],
    ['Ke$ha Vell', 'kesha vell', 2],
    ['Ke$ha Vell', 'ke$ha vell', 2],
    ['50 Ducats', '50 ducats', 2],
    ['José María García López de Arce', 'jose maria garcia lopez de arce', 5],
    ['Анна Ветрова', 'портрет Анна Ветрова в саду', 2],
    ['王小明', '一部关于王小明的电影', 1],
    ['김철수', '영화 속 김철수는 걷는다', 1],
    ['マリ・トランド', '映画のマリ・トランドが歩く', 1],
  ])('of another kind: %s in "%s"', (name, text, words) => {
    expect(strength(text, name)).toBe(words);
  });

  it('of one word counts from four letters on, and not when words make it by chance', () => {
    expect(strength('Tolland walks', 'Tolland')).toBe(1);
    expect(strength('t.o.l.l.a.n.d walks', 'Tolland')).toBe(1);
    expect(strength('to-lland walks', 'Tolland')).toBe(1);
    expect(strength('photo d’Adele', 'Adele')).toBe(1);
    expect(strength('the a and the. A', 'Thea')).toBe(0);
    expect(strength('an al enters', 'Alen')).toBe(0);
    expect(() => nameForms('Bo')).toThrow('four letters'.replace('four', '4'));
    expect(() => nameForms('!!!')).toThrow('4 letters');
  });

  it('of two words is not found where only one stands, or other words are between', () => {
    for (const text of ['Marie walks', 'Tolland walks', 'Marie walks and Tolland runs', 'a red fox in the snow']) {
      expect(strength(text, 'Marie Tolland')).toBe(0);
    }
  });
});

describe('a long text', () => {
  const long = (piece: string) => piece.repeat(Math.ceil(32_000 / piece.length)).slice(0, 31_900);
  const random = (letters: string, space: number) => {
    let state = 7;
    const next = (n: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % n;
    return Array.from({ length: 31_900 }, () => (next(space) === 0 ? ' ' : letters[next(letters.length)]!)).join('');
  };

  it.each([
    ['of words', random('abcdefghijklmnopqrstuvwxyz', 6)],
    ['without spaces', long('abcdefghij')],
    ['of disguises', random('abcdefmnora1!|@ее$оοΑ', 20)],
    ['of ideographs', random('天地玄黄宇宙洪荒日月盈昃', 9999)],
    ['of stretched letters', long('aaaaa')],
    ['of symbols', long('!@$|')],
    ['of numbers', long('1 2 3 ')],
    ['of numbers with units', long('100 200 300 40 5 m ').slice(0, 9000)],
    ['of marks', long('a̷̛')],
  ])('%s is read in bounded time, with the name at its end', (_, text) => {
    const started = performance.now();
    expect(strength(`${text} Marie Tolland`, 'Marie Tolland')).toBe(2);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('that is spelled out letter by letter cannot be read, which is not "no name"', () => {
    expect(() => candidatesOf(long('a b c '))).toThrow('written apart');
    expect(() => candidatesOf(`${long('word a b ')}${'x y '.repeat(400)}`)).toThrow('written apart');
  });
});
