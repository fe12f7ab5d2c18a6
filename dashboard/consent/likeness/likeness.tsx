import { useCallback, useEffect, useState } from 'react';
import type { Me, Revocation } from '#contracts';
import { asFault, type Fault } from '../../shared/fault.js';
import { FaultCard } from '../../shared/fault-card.js';
import { Foreign } from '../../shared/foreign.js';
import { moment } from '../../shared/format.js';
import { Frame } from '../../shared/frame.js';
import { LIKENESS, useWords } from './language.js';
import { GrantEditor } from './grant-editor.js';
import { MyData } from './my-data.js';
import { Over } from './over.js';
import { StopAll } from './stop-all.js';
import { Uses } from './uses.js';
import { Working } from '../parts/working.js';
import { me as fetchMe } from '../wire.js';
import './likeness.css';

const PAGES = { en: LIKENESS.en.page, fr: LIKENESS.fr.page };

type Stage = { at: 'loading' } | { at: 'fault'; fault: Fault } | { at: 'here' | 'over'; me: Me };

function useMe(secret: string): { stage: Stage; reload: () => void; refresh: () => Promise<void> } {
  const [stage, setStage] = useState<Stage>({ at: 'loading' });
  const refresh = useCallback(
    () =>
      fetchMe(secret).then(
        (me) => setStage({ at: me.state === 'enrolled' ? 'here' : 'over', me }),
        (e: unknown) => setStage({ at: 'fault', fault: asFault(e) }),
      ),
    [secret],
  );
  const reload = useCallback(() => {
    setStage({ at: 'loading' });
    void refresh();
  }, [refresh]);
  useEffect(reload, [reload]);
  return { stage, reload, refresh };
}

function Greeting({ me }: { me: Me }) {
  const { likeness, lang } = useWords();
  return (
    <p className="lead greeting">
      <Foreign text={likeness.of(me.name ?? `@${me.handle ?? ''}`, me.platform)} max={140} />
      {me.handle && (
        <strong className="handle">
          {' '}
          @<Foreign text={me.handle} max={40} />
        </strong>
      )}
      <span className="hint">{likeness.since(moment(me.notice.released_at, lang))}</span>
    </p>
  );
}

function Here({
  me,
  secret,
  refresh,
  revoked,
}: {
  me: Me;
  secret: string;
  refresh: () => Promise<void>;
  revoked: (what: Revocation) => void;
}) {
  return (
    <>
      <Greeting me={me} />
      <GrantEditor me={me} secret={secret} saved={refresh} />
      <Uses me={me} secret={secret} changed={refresh} />
      <div className="pair">
        <MyData me={me} secret={secret} />
        <StopAll me={me} secret={secret} revoked={revoked} />
      </div>
    </>
  );
}

function Stages({
  secret,
  at,
  reload,
  refresh,
}: {
  secret: string;
  at: Stage;
  reload: () => void;
  refresh: () => Promise<void>;
}) {
  const { words, likeness } = useWords();
  const [revocation, setRevocation] = useState<Revocation | null>(null);
  if (at.at === 'loading') return <Working what={likeness.loading} share={null} />;
  if (at.at === 'fault') return <FaultCard fault={at.fault} words={words.faults} again={reload} reload={reload} />;
  if (at.at === 'over') return <Over me={at.me} revocation={revocation} />;
  const revoked = (what: Revocation) => {
    setRevocation(what);
    void refresh();
  };
  return <Here me={at.me} secret={secret} refresh={refresh} revoked={revoked} />;
}

/** A person's own page: who may use the likeness, every clip with it, and the end of it. */
export function Likeness({ secret }: { secret: string }) {
  const { stage, reload, refresh } = useMe(secret);
  return (
    <Frame
      pages={PAGES}
      phase={stage.at}
      title={(lang) => LIKENESS[lang].title}
      small={stage.at !== 'here'}
      foot={(lang) => <p>{LIKENESS[lang].foot}</p>}
    >
      <Stages secret={secret} at={stage} reload={reload} refresh={refresh} />
    </Frame>
  );
}
