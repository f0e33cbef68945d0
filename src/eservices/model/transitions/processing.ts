import type { EserviceCommandOf } from '../commands.ts'
import { outstandingLines, type SentForm } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { wrongStatus } from './common.ts'

type ProcessLine = EserviceCommandOf<'ProcessLine'>

const processLine = on('ProcessLine').from('SentToHkex')

const noSuchLine = guard(
  'the form has no such line',
  ({ contents }: SentForm, { line }: ProcessLine) => contents.lines[line] === undefined,
)
const done = guard('the line has its outcome already', ({ processed }: SentForm, { line }: ProcessLine) =>
  processed.some((each) => each.line === line),
)
const unassigned = guard(
  'a new account is accepted without the User ID assigned to it',
  ({ contents }: SentForm, { line, outcome }: ProcessLine) => {
    const type = contents.lines[line]?.type
    return (
      (type === 'add' || type === 'add-user') && outcome.kind === 'accepted' && outcome.userId === undefined
    )
  },
)

const processRows: readonly Row[] = [
  on('ProcessLine').from('Unknown').refuse('no-such-form', 'ESV-02'),
  processLine.when(noSuchLine).refuse('no-such-line', 'ESV-13'),
  processLine.when(done).emit([], 'same', 'ESV-13', () => []),
  processLine.when(unassigned).refuse('no-user-id-assigned', 'ID-11'),
  processLine.emit(['LineProcessed'], 'same', 'ESV-10', (_, { at, line, outcome }) => [
    {
      type: 'LineProcessed',
      at,
      rule: outcome.kind === 'refused' ? outcome.rule : 'ESV-10',
      line,
      outcome,
    },
  ]),
  wrongStatus('ProcessLine', 'SentToHkex'),
]

const complete = on('Complete').from('SentToHkex')

const outstanding = guard(
  'a line is outstanding',
  (form: SentForm, _: EserviceCommandOf<'Complete'>) => outstandingLines(form).length > 0,
)

const completeRows: readonly Row[] = [
  on('Complete').from('Unknown').refuse('no-such-form', 'ESV-02'),
  complete.when(outstanding).refuse('lines-outstanding', 'ESV-13'),
  complete.emit(['FormCompleted'], 'Completed', 'ESV-02', (_, { at }) => [
    { type: 'FormCompleted', at, rule: 'ESV-02' },
  ]),
  // A batch that stopped after completing the form can run again. It finds nothing to do.
  on('Complete')
    .from('Completed')
    .emit([], 'same', 'ESV-13', () => []),
  wrongStatus('Complete', 'SentToHkex', 'Completed'),
]

/** HKEX's transitions: line by line, safe to repeat. */
export const processingRows: readonly Row[] = [...processRows, ...completeRows]
