import { FaultCard } from '../shared/fault-card.js';
import { Frame } from '../shared/frame.js';
import { useEnrolling, type Enrolling } from './enrolling.js';
import { useWords, WORDS } from './language.js';
import { Camera } from './parts/camera.js';
import { Done } from './parts/done.js';
import { Failed, Over } from './parts/failed.js';
import { FileIntake } from './parts/file-intake.js';
import { Declined, Notice } from './parts/notice.js';
import { Ready } from './parts/ready.js';
import { Steps } from './parts/steps.js';
import { Working } from './parts/working.js';

const PAGES = { en: WORDS.en.enrol.page, fr: WORDS.fr.enrol.page };

function Stage({ enrolling, maxBytes }: { enrolling: Enrolling; maxBytes: number }) {
  const { words } = useWords();
  const { stage } = enrolling;
  switch (stage.at) {
    case 'loading':
      return <Working what={words.enrol.loading} share={null} />;
    case 'fault':
      return <FaultCard fault={stage.fault} words={words.faults} again={stage.again} reload={enrolling.reload} />;
    case 'notice':
      return <Notice view={stage.view} enrolling={enrolling} />;
    case 'declined':
      return <Declined back={enrolling.reload} />;
    case 'ready':
      return <Ready view={stage.view} enrolling={enrolling} />;
    case 'camera':
      return <Camera key={stage.challenge.nonce} challenge={stage.challenge} enrolling={enrolling} />;
    case 'file':
      return <FileIntake challenge={stage.challenge} enrolling={enrolling} maxBytes={maxBytes} />;
    case 'sending':
      return <Working what={words.sending} share={stage.share} />;
    case 'checking':
      return <Working what={words.checking} share={null} note={words.checkingNote} />;
    case 'failed':
      return <Failed view={stage.view} again={enrolling.prepare} />;
    case 'over':
    case 'expired':
      return <Over view={stage.view} />;
    case 'done':
      return <Done person={stage.person} />;
  }
}

/** From the invitation to the end of an enrolment. @param secret that of the enrolment */
export function Enrolment({ secret, maxBytes }: { secret: string; maxBytes: number }) {
  const enrolling = useEnrolling(secret);
  const { at } = enrolling.stage;
  return (
    <Frame
      pages={PAGES}
      phase={at}
      title={(lang) => WORDS[lang].enrol[at === 'notice' ? 'title' : 'small']}
      small={at !== 'notice'}
      foot={(lang) => <p>{WORDS[lang].footer}</p>}
    >
      <Steps at={at} />
      <Stage enrolling={enrolling} maxBytes={maxBytes} />
    </Frame>
  );
}
