import { Box, Chip, Typography } from '@mui/material';
import { DataTable, List, Pagination, SearchInput, SelectInput, type RaRecord } from 'react-admin';
import type { CaseItem, ListCases } from '#contracts';
import { decimal, when } from '../format.js';
import { Foreign } from '../../shared/foreign.js';
import { useWords } from '../i18n.js';
import { ClockChip } from '../parts/clock-chip.js';
import { usePageTitle } from '../parts/page.js';

type Item = CaseItem & RaRecord<string>;

const choicesOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([id, name]) => ({ id, name }));

function filtersOf(w: ReturnType<typeof useWords>['w'], stages: boolean) {
  return [
    ...(stages
      ? [
          <SelectInput
            key="stage"
            source="stage"
            label={w.cases.stage}
            choices={choicesOf(w.stages).slice(1)}
            alwaysOn
          />,
        ]
      : []),
    <SearchInput key="q" source="q" alwaysOn placeholder={w.cases.search} />,
    <SelectInput key="state" source="state" label={w.cases.state} choices={choicesOf(w.caseStates)} alwaysOn />,
    <SelectInput key="category" source="category" label={w.category} choices={choicesOf(w.categories)} alwaysOn />,
    <SelectInput key="kind" source="kind" label={w.cases.kind} choices={choicesOf(w.kinds)} />,
    <SelectInput key="sort" source="sort" label={w.cases.sort} choices={choicesOf(w.cases.sorts)} alwaysOn />,
  ];
}

function Table() {
  const { w, lang } = useWords();
  return (
    <DataTable<Item>
      bulkActionButtons={false}
      rowClick={(id) => `/review/${id}`}
      sx={{ overflowX: 'auto', '& .MuiTableCell-root': { px: 1 } }}
    >
      <DataTable.Col<Item>
        label={w.cases.what}
        disableSort
        render={(row) => (
          <Box sx={{ maxWidth: { xs: 220, xl: 420 } }}>
            <Typography variant="body2" noWrap>
              <Foreign text={row.title} max={120} />
            </Typography>
            <Typography variant="caption" color="textSecondary" noWrap component="div">
              {row.id}
            </Typography>
          </Box>
        )}
      />
      <DataTable.Col<Item>
        label={w.cases.kind}
        disableSort
        render={(row) => `${w.kinds[row.kind]}${row.stage === 'first' ? '' : ` · ${w.stages[row.stage]}`}`}
      />
      <DataTable.Col<Item>
        label={w.category}
        disableSort
        render={(row) => (row.category ? w.categories[row.category] : '–')}
      />
      <DataTable.Col<Item> label={w.cases.queue} disableSort render={(row) => row.queue.name} />
      <DataTable.Col<Item> label={w.cases.due} disableSort render={(row) => <ClockChip clock={row.clock} />} />
      <DataTable.NumberCol
        label={w.review.priority}
        source="priority.score"
        disableSort
        render={(row: Item) => decimal(row.priority.score, lang)}
      />
      <DataTable.Col<Item>
        label={w.cases.held}
        disableSort
        render={(row) =>
          row.lease ? (
            <Chip size="small" variant="outlined" label={row.lease.mine ? w.cases.mine : row.lease.holder.name} />
          ) : (
            '–'
          )
        }
      />
      <DataTable.Col<Item> label={w.cases.opened} disableSort render={(row) => when(row.opened_at, lang)} />
    </DataTable>
  );
}

function CaseTable({
  name,
  title,
  intro,
  fixed,
  first,
}: {
  name: string;
  title: string;
  intro: string;
  fixed?: Partial<ListCases>;
  first?: Partial<ListCases>;
}) {
  const { w } = useWords();
  usePageTitle(title);
  return (
    <Box sx={{ pt: 2 }}>
      <Typography variant="h1">{title}</Typography>
      <Typography color="textSecondary" sx={{ maxWidth: '75ch' }}>
        {intro}
      </Typography>
      <List
        resource="cases"
        title=" "
        storeKey={`cases.${name}`}
        disableSyncWithLocation
        exporter={false}
        filters={filtersOf(w, first?.stage !== undefined)}
        filter={fixed}
        filterDefaultValues={{ state: 'open', sort: 'priority', ...first }}
        pagination={<Pagination rowsPerPageOptions={[25, 50, 100]} />}
        perPage={25}
        empty={false}
      >
        <Table />
      </List>
    </Box>
  );
}

/** Every case that this person may see. */
export function OpenCases() {
  const { w } = useWords();
  return <CaseTable name="all" title={w.cases.title} intro={w.cases.intro} />;
}

/** Cases that wait for a blind second reading. */
export function SecondCases() {
  const { w } = useWords();
  return <CaseTable name="second" title={w.cases.second} intro={w.cases.secondIntro} first={{ stage: 'second' }} />;
}

/** Cases for those who are trained for them. */
export function ChildSafetyCases() {
  const { w } = useWords();
  return (
    <CaseTable
      name="child"
      title={w.cases.childSafety}
      intro={w.cases.childSafetyIntro}
      fixed={{ category: 'sexual_minors' }}
    />
  );
}
