import type { GuardianTeen } from '#contracts';
import { Card } from '../../shared/card.js';
import { Foreign } from '../../shared/foreign.js';
import { useWords } from '../language.js';

function Row({ teen, choose }: { teen: GuardianTeen; choose: (id: string) => void }) {
  const { words } = useWords();
  const { list } = words;
  const over = teen.state === 'ended';
  return (
    <li className="teen" data-state={teen.state}>
      <div>
        <p>
          <strong>
            <Foreign text={teen.maker} max={60} />
          </strong>{' '}
          <Foreign text={list.on(teen.platform)} max={80} />
        </p>
        <p className="hint">
          {over && teen.ended_by
            ? words.endedBy[teen.ended_by]
            : list[teen.state === 'invited' ? 'accepted' : teen.state]}
        </p>
        {teen.unseen_alerts > 0 && !over && <p className="badge">{list.alerts(teen.unseen_alerts)}</p>}
      </div>
      {!over && (
        <button type="button" className="second" onClick={() => choose(teen.id)}>
          {list.open}
          <span className="unseen"> {teen.maker}</span>
        </button>
      )}
    </li>
  );
}

/** All young people that the guardian is or was linked with. */
export function Teens(props: { teens: readonly GuardianTeen[]; choose: (id: string) => void; leave: () => void }) {
  const { words } = useWords();
  const { list } = words;
  const living = props.teens.some(({ state }) => state !== 'ended');
  return (
    <Card title={list.title} focus kind="narrow">
      {!living && (
        <p>
          {list.none} {list.noneHint}
        </p>
      )}
      <ul className="teens">
        {props.teens.map((teen) => (
          <Row key={teen.id} teen={teen} choose={props.choose} />
        ))}
      </ul>
      <p>
        <button type="button" className="link" onClick={props.leave}>
          {list.leave}
        </button>
      </p>
    </Card>
  );
}
