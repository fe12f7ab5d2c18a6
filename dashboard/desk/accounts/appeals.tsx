import { Box, Button, Card, Chip, Tab, Tabs, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase } from 'react-admin';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { AppealList, DeskAppeal } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { ClockChip } from '../parts/clock-chip.js';
import { Fault } from '../parts/fault.js';
import { Page } from '../parts/page.js';
import { get, query } from '../wire.js';
import { More } from '../parts/more.js';

/** What was decided, what the person says against it, and what came of it. */
function Appeal({ appeal }: { appeal: DeskAppeal }) {
  const { w, lang } = useWords();
  const { statement } = appeal;
  return (
    <Card component="article" sx={{ p: 1.5, mb: 1.5 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap', mb: 1 }}>
        <Typography variant="h2" component="h2" sx={{ flexGrow: 1 }}>
          {w.makers.measures[statement.decision]} · {appeal.category ? w.categories[appeal.category] : '–'}
        </Typography>
        <ClockChip clock={appeal.clock} />
        {appeal.outcome && (
          <Chip
            size="small"
            color={appeal.outcome === 'overturned' ? 'warning' : 'default'}
            label={w.appeals.outcomes[appeal.outcome]}
          />
        )}
        <Button
          component={LinkBase}
          to={`/review/${appeal.case_id}`}
          size="small"
          variant="outlined"
          aria-label={w.appeals.open(appeal.case_id)}
        >
          {w.review.case}
        </Button>
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: { md: '1fr 1fr' }, gap: 2 }}>
        <Box>
          <Typography variant="h3" component="h3">
            {w.appeals.decided(when(statement.created_at, lang), statement.automated)}
          </Typography>
          <Typography variant="body2" sx={{ whiteSpace: 'pre-line' }}>
            {statement.text[lang]}
          </Typography>
        </Box>
        <Box>
          <Typography variant="h3" component="h3">
            {w.appeals.said(when(appeal.created_at, lang))}
          </Typography>
          <Typography variant="body2">
            <Foreign text={appeal.said} max={2000} />
          </Typography>
          {appeal.reason && (
            <Typography variant="body2" sx={{ mt: 1 }}>
              <strong>{w.review.reason}:</strong> {appeal.reason}
              {appeal.restored && ` · ${w.appeals.restored[appeal.restored]}`}
            </Typography>
          )}
        </Box>
      </Box>
    </Card>
  );
}

/** Appeals by due time. They are decided as cases are, by somebody else than the first reader. */
export function Appeals() {
  const { w } = useWords();
  const [state, setState] = useState<'open' | 'decided'>('open');
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['cases', 'appeals', state],
    queryFn: ({ pageParam }) => get<AppealList>(`/v1/desk/appeals${query({ state, after: pageParam })}`),
    initialPageParam: '',
    getNextPageParam: (page: AppealList) => page.next ?? undefined,
  });
  const appeals = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Page title={w.cases.appeals} intro={w.cases.appealsIntro}>
      <Tabs
        value={state}
        onChange={(_, next: 'open' | 'decided') => setState(next)}
        aria-label={w.cases.state}
        sx={{ mb: 1.5 }}
      >
        <Tab value="open" label={w.appeals.states.open} />
        <Tab value="decided" label={w.appeals.states.decided} />
      </Tabs>
      <Fault error={error} />
      {data && appeals.length === 0 && <Typography>{w.appeals.none}</Typography>}
      {appeals.map((appeal) => (
        <Appeal key={appeal.id} appeal={appeal} />
      ))}
      <More shown={hasNextPage} onMore={fetchNextPage} />
    </Page>
  );
}
