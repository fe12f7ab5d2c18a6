import { Box, Button, CircularProgress } from '@mui/material';
import { Authenticated, LinkBase, useLocation, useParams } from 'react-admin';
import { useQuery } from '@tanstack/react-query';
import { useWords } from '../i18n.js';
import { SessionWatch } from '../parts/session-watch.js';
import { Fault } from '../parts/fault.js';
import { Board } from './board.js';
import { loadCase } from './case-query.js';
import { UndoToast } from './undo-toast.js';

function Case({ id, queue }: { id: string; queue: string | null }) {
  const { w } = useWords();
  const { data, error, refetch } = useQuery(loadCase(id));
  if (data) return <Board key={id} view={data} queue={queue} reload={() => void refetch()} />;
  return (
    <Box component="main" sx={{ p: 4 }}>
      {error ? (
        <>
          <Fault error={error} again={() => void refetch()} />
          <Button component={LinkBase} to="/">
            {w.shift.title}
          </Button>
        </>
      ) : (
        <CircularProgress aria-label={w.loading} />
      )}
    </Box>
  );
}

/** The page of one case, at an address of its own. */
export function ReviewPage() {
  const { id = '' } = useParams();
  const { search } = useLocation();
  return (
    <Authenticated>
      <SessionWatch />
      <Case id={id} queue={new URLSearchParams(search).get('queue')} />
      <UndoToast />
    </Authenticated>
  );
}
