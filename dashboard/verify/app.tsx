import { Frame } from '../shared/frame.js';
import { WORDS } from './language.js';
import { FaultNotice } from './parts/fault-notice.js';
import { Intake } from './parts/intake.js';
import { Result } from './parts/result.js';
import { Work } from './parts/work.js';
import { useSession } from './session.js';

const PAGES = { en: WORDS.en.page, fr: WORDS.fr.page };

/** The public page on which anybody examines a file. @param maxBytes largest file that the service takes */
export function App({ maxBytes }: { maxBytes: number }) {
  const session = useSession(maxBytes);
  const { phase } = session;
  return (
    <Frame
      pages={PAGES}
      phase={phase.at}
      title={(lang) => WORDS[lang].title}
      small={phase.at !== 'start'}
      foot={(lang) => (
        <>
          <p>{WORDS[lang].footer.who}</p>
          <p>
            <a href="/docs">{WORDS[lang].footer.api}</a>
          </p>
        </>
      )}
    >
      {phase.at === 'start' && <Intake maxBytes={maxBytes} examine={session.examine} />}
      {(phase.at === 'sending' || phase.at === 'waiting') && <Work phase={phase} leave={session.leave} />}
      {phase.at === 'fault' && <FaultNotice phase={phase} maxBytes={maxBytes} session={session} />}
      {phase.at === 'done' && <Result phase={phase} session={session} />}
    </Frame>
  );
}
