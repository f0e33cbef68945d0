import fc from 'fast-check'
import { type AccountCommand, type AccountCommandType, accountCommandTypes } from '../../account/commands.ts'
import { DAY, HOUR, SECOND } from '../../kernel/instant.ts'
import { wildCommand } from './wild-command.ts'

/**
 * An intended step. It becomes a command once the account that it applies to is known.
 *
 * @category Testing kit
 */
export interface PlausibleStep {
  /** What is tried. `next`: any command that leads on from the account's current stage. */
  readonly operation: 'next' | AccountCommandType
  /** Whether the facts are right: the password, the code, the sessionEpoch. */
  readonly right: boolean
  /** Milliseconds since the previous step. It may be 0, or negative if the clock is set back. */
  readonly wait: number
  /** Selects one of several alternatives or open challenges: any whole number from 0. */
  readonly pick: number
  /** How often it is repeated, from 1. */
  readonly times: number
}

/**
 * One step of a history: an intended step or an arbitrary command.
 *
 * @category Testing kit
 */
export type HistoryStep = PlausibleStep | { readonly wild: AccountCommand }

const between = (min: number, max: number) => fc.integer({ min, max })

const waits = () =>
  fc.oneof(
    { weight: 24, arbitrary: between(0, 40 * SECOND) },
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: between(60 * SECOND, 1_200 * SECOND) },
    { weight: 2, arbitrary: between(-HOUR, -1) },
    { weight: 1, arbitrary: between(HOUR, 2 * DAY) },
    { weight: 1, arbitrary: between(80 * DAY, 100 * DAY) },
  )

const step = (fields: {
  operation: fc.Arbitrary<PlausibleStep['operation']>
  right: fc.Arbitrary<boolean>
  wait?: fc.Arbitrary<number>
  times?: fc.Arbitrary<number>
}): fc.Arbitrary<PlausibleStep> =>
  fc.record({ wait: waits(), times: fc.constant(1), pick: fc.nat({ max: 1_000 }), ...fields })

const next = () => fc.constant('next' as const)
const yes = () => fc.constant(true)
const no = () => fc.constant(false)

const selfService = () => fc.constantFrom('RequestDeviceChange' as const, 'ChangePassword' as const)
const acts = () => fc.constantFrom(...accountCommandTypes.filter((type) => type !== 'Delete'))

const anyStep = (): fc.Arbitrary<HistoryStep> =>
  fc.oneof(
    { weight: 40, arbitrary: step({ operation: next(), right: yes() }) },
    { weight: 12, arbitrary: step({ operation: next(), right: no(), times: between(1, 15) }) },
    { weight: 20, arbitrary: step({ operation: acts(), right: yes() }) },
    { weight: 5, arbitrary: step({ operation: selfService(), right: yes() }) },
    { weight: 10, arbitrary: step({ operation: acts(), right: no(), times: between(1, 3) }) },
    { weight: 6, arbitrary: wildCommand().map((wild) => ({ wild })) },
    { weight: 1, arbitrary: step({ operation: fc.constant('Delete'), right: yes() }) },
  )

/**
 * The steps of a history: initial steps that mostly succeed, followed by arbitrary ones. Run them with {@link
 * runHistory}.
 *
 * @param bounds - `maxLength`: the maximum number of steps after the initial ones. Default: 40. There are up
 * to 9 initial steps.
 * @category Testing kit
 */
export const historySteps = ({
  maxLength = 40,
}: {
  readonly maxLength?: number
} = {}): fc.Arbitrary<readonly HistoryStep[]> => {
  const smooth = step({ operation: next(), right: yes(), wait: between(0, 40 * SECOND) })
  return fc
    .tuple(fc.array(smooth, { maxLength: 9, size: 'max' }), fc.array(anyStep(), { maxLength, size: 'max' }))
    .map(([beginning, rest]) => [...beginning, ...rest])
}
