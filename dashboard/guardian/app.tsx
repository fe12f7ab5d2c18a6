import { Card } from '../shared/card.js';
import { FaultCard } from '../shared/fault-card.js';
import { Frame } from '../shared/frame.js';
import { useSecret } from '../shared/secret.js';
import { useWords, WORDS } from './language.js';
import { Accept } from './parts/accept.js';
import { Teen } from './parts/teen.js';
import { Teens } from './parts/teens.js';
import { Loading } from './parts/loading.js';
import { Waiting } from './parts/waiting.js';
import { useLinks, type Links } from './use-links.js';
import { signOut } from './wire.js';

const PAGES = { en: WORDS.en.page, fr: WORDS.fr.page };

function NoSecret() {
  const { words } = useWords();
  return (
    <Card title={words.none.title} focus>
      <p className="next">{words.none.text}</p>
    </Card>
  );
}

function Home({ secret, links, leave }: { secret: string; links: Links; leave: () => void }) {
  const { words } = useWords();
  const { stage, chosen, choose, reload, refresh } = links;
  if (stage.at === 'loading') return <Loading />;
  if (stage.at === 'fault')
    return (
      <>
        <FaultCard fault={stage.fault} words={words.faults} again={reload} reload={reload} />
        {stage.fault.kind === 'unknown' && (
          <p>
            <button type="button" className="link" onClick={leave}>
              {words.list.leave}
            </button>
          </p>
        )}
      </>
    );
  const teen = stage.teens.find(({ id }) => id === chosen);
  const back = stage.teens.length > 1 && (
    <p>
      <button type="button" className="link" onClick={() => choose(null)}>
        ‹ {words.list.back}
      </button>
    </p>
  );
  if (!teen || teen.state === 'ended') return <Teens teens={stage.teens} choose={choose} leave={leave} />;
  return (
    <>
      {back}
      {teen.state === 'active' ? (
        <Teen key={teen.id} teen={teen} secret={secret} changed={refresh} />
      ) : (
        <Waiting teen={teen} />
      )}
      <p>
        <button type="button" className="link" onClick={leave}>
          {words.list.leave}
        </button>
      </p>
    </>
  );
}

function SignedIn({ secret, leave }: { secret: string; leave: () => void }) {
  const links = useLinks(secret);
  const { stage, chosen } = links;
  const teen = stage.at === 'here' ? stage.teens.find(({ id }) => id === chosen) : undefined;
  return (
    <Page phase={stage.at === 'here' ? (teen?.state ?? 'list') : stage.at}>
      <Home secret={secret} links={links} leave={leave} />
    </Page>
  );
}

function Page({ phase, children }: { phase: string; children: React.ReactNode }) {
  return (
    <Frame
      pages={PAGES}
      phase={phase}
      title={(lang) => WORDS[lang].title}
      small
      foot={(lang) => <p>{WORDS[lang].footer}</p>}
    >
      {children}
    </Frame>
  );
}

/** The page of whoever watches over a teen: invitation, summary, limits, alerts. */
export function App() {
  const [token, setToken] = useSecret('guardian-invitation');
  const [session, setSession] = useSecret('guardian', false);
  const leave = () => {
    // Here it is forgotten in any case; a session that the service did not end lapses.
    if (session) signOut(session).catch(() => undefined);
    setSession(null);
  };
  if (token)
    return (
      <Page phase="accept">
        <Accept
          key={token}
          token={token}
          session={session}
          accepted={(secret, lasting) => {
            if (secret !== null) setSession(secret, lasting);
            setToken(null);
          }}
          giveUp={session ? () => setToken(null) : null}
        />
      </Page>
    );
  if (session) return <SignedIn key={session} secret={session} leave={leave} />;
  return (
    <Page phase="none">
      <NoSecret />
    </Page>
  );
}
