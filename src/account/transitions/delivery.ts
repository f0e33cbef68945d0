import { emptyRateWindow, refundRateLimit } from '../../lockout/rate-window.ts'
import type { AccountCommandOf } from '../commands.ts'
import type { AccountBase } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import { activeStages, existingStages } from './common.ts'

const undelivered = on('ReportUndelivered')

const newest = guard(
  'it is the newest code of its purpose',
  ({ codes }: AccountBase, { purpose, code }: AccountCommandOf<'ReportUndelivered'>) =>
    codes[purpose]?.credential === code,
)

/** Voids a code that could not be delivered, without counting it. */
export const deliveryRows: readonly Row[] = [
  undelivered
    .from(...activeStages)
    .when(newest)
    .emit(['CodeUndelivered'], 'same', 'OTP-07', ({ codesIssued: issued }, { at, purpose }) => [
      {
        type: 'CodeUndelivered',
        at,
        rule: 'OTP-07',
        purpose,
        window: refundRateLimit(issued[purpose] ?? emptyRateWindow),
      },
    ]),
  undelivered.from('Unknown', ...existingStages, 'Deleted').emit([], 'same', 'OTP-07', () => []),
]
