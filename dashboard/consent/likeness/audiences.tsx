import type { GrantAudience } from '#contracts';
import { AUDIENCES } from './grant.js';
import { useWords } from './language.js';

const HEAD = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const BODY = (x: number, y: number, w: number) => `M${x - w} ${y + w}a${w} ${w} 0 0 1 ${2 * w} 0z`;
const person = (x: number, y: number, size: number) => `${HEAD(x, y, size)}${BODY(x, y + size * 1.45, size * 1.7)}`;

/** Me filled, others outlined; what joins them is drawn between. */
const PICTURES: Record<GrantAudience, { me: string; others: string; lines: string }> = {
  only_me: { me: person(48, 24, 9), others: '', lines: 'M26 8h44v44h-44z' },
  approved: {
    me: person(20, 24, 8),
    others: `${person(50, 24, 6)}${person(78, 24, 6)}`,
    lines: 'M45 50l4 4 8-8M73 50l4 4 8-8',
  },
  mutuals: { me: person(22, 22, 9), others: person(74, 22, 9), lines: 'M40 20h16l-5-5M56 30h-16l5 5' },
  everyone: {
    me: person(48, 26, 9),
    others: [14, 31, 65, 82].map((x, i) => person(x, i % 3 ? 15 : 26, 5)).join(''),
    lines: 'M14 52a60 20 0 0 0 68 0',
  },
};

/** The picture of an audience. The words stand beside it. */
export function AudiencePicture({ audience }: { audience: GrantAudience }) {
  const { me, others, lines } = PICTURES[audience];
  return (
    <svg className="audience" viewBox="0 0 96 60" aria-hidden="true">
      <path className="lines" d={lines} />
      <path className="others" d={others} />
      <path className="me" d={me} />
    </svg>
  );
}

/** Who may use the likeness: four cards of which one holds. */
export function Audiences({ value, onChange }: { value: GrantAudience; onChange: (value: GrantAudience) => void }) {
  const { likeness } = useWords();
  return (
    <fieldset className="cards">
      <legend>
        <h2 className="card-title">{likeness.who.title}</h2>
      </legend>
      {AUDIENCES.map((audience) => {
        const [name, text] = likeness.who.audiences[audience];
        return (
          <label key={audience} className="option">
            <input type="radio" name="audience" checked={value === audience} onChange={() => onChange(audience)} />
            <AudiencePicture audience={audience} />
            <span>
              <strong>{name}</strong>
              <span className="hint">{text}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
