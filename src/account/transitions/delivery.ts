import { givenBack, unusedAllowance } from '../../lockout/rate-window.ts'
import type { CommandOf } from '../commands.ts'
import type { Holder } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { existing } from './common.ts'

const undelivered = on('ReportUndelivered')

const newest = guard(
  'it is the newest code of its purpose',
  ({ codes }: Holder, { purpose, code }: CommandOf<'ReportUndelivered'>) =>
    codes[purpose]?.credential === code,
)

/** A code that did not get through is void, and costs nothing. */
export const deliveryRows: readonly Row[] = [
  undelivered
    .from(...existing)
    .when(newest)
    .give(['CodeUndelivered'], 'same', 'OTP-07', ({ issued }, { at, purpose }) => [
      {
        type: 'CodeUndelivered',
        at,
        rule: 'OTP-07',
        purpose,
        issued: givenBack(issued[purpose] ?? unusedAllowance),
      },
    ]),
  undelivered.from('Unknown', ...existing, 'Deleted').give([], 'same', 'OTP-07', () => []),
]
