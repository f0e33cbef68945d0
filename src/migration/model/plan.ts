import {
  datesOf,
  isLateRegistration,
  phaseAt,
  type Timeline,
  type TransitionDates,
} from '../../access-control/timeline.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import { asciiUpperCase } from '../../kernel/ascii-case.ts'
import { type HongKongDay, hongKongDay, type Instant } from '../../kernel/instant.ts'
import {
  type AccountPlan,
  type PlanContext,
  type PlanReadings,
  planOfAccount,
  planOfUnreadable,
  type ReadLine,
} from './account-plan.ts'
import type { ChecklistPoint } from './checklist.ts'
import type { FindingCode } from './findings.ts'
import type { ListedAccount } from './listing.ts'
import {
  close,
  count,
  newTally,
  type ParticipantPlan,
  type PlanTotals,
  sumOfPlans,
  type Tally,
  tasksOf,
} from './participant-plan.ts'
import { seenIds } from './seen-ids.ts'

/**
 * The options of a plan.
 *
 * @category Migration
 */
export interface PlanOptions extends PlanReadings {
  /**
   * The instant of the plan. Accounts are judged as of their participant's launch, or as of this instant if
   * it is later.
   */
  readonly at: Instant
  /** The participants that the listing may contain; lines of others are refused. Default: any. */
  readonly participants?: readonly ParticipantKey[]
  /**
   * The maximum number of accounts of each participant (QTA-01). Participants that are not named have no
   * limit.
   */
  readonly maxima?: Readonly<Record<ParticipantKey, number>>
  /** The checklist points that each participant has declared done (MIG-13). */
  readonly declared?: Readonly<Record<ParticipantKey, readonly ChecklistPoint[]>>
  /**
   * Participants where one person can be both maker and checker: the policy's `dms.onePersonParticipants`
   * (DMS-02).
   */
  readonly onePersonParticipants?: readonly ParticipantKey[]
  /** How many lines the plan lists for its reports. Lines beyond these limits are counted but not listed. */
  readonly listing?: {
    /** Lines of one participant that are not ready. Default: 100. */
    readonly notReady?: number
    /** Lines of one participant that are ready. Default: 50. */
    readonly ready?: number
    /** Lines of all participants together. Default: 10,000. */
    readonly overall?: number
  }
  /** The maximum number of participants in one plan, which bounds the memory. Default: 100,000. */
  readonly maxParticipants?: number
}

/**
 * The plan for a whole listing.
 *
 * @category Migration
 */
export interface ListingPlan {
  readonly at: Instant
  /** The participants, ordered by key. */
  readonly participants: readonly ParticipantPlan[]
  /** Lines of no participant: their User IDs can't be read, or belong to none of the plan's participants. */
  readonly unattributed: Pick<ParticipantPlan, 'totals' | 'tasks' | 'listed' | 'more'>
  /** The totals of all lines. */
  readonly totals: PlanTotals
}

/**
 * Plans a listing line by line. It keeps counts, and only those lines that the plan lists.
 *
 * @category Migration
 */
export interface ListingPlanner {
  /**
   * Plans the next line. If several lines have the same User ID, the first that is not refused counts.
   *
   * @param line - its number, for the reports. @param read - the result of `readListingRow`.
   */
  add(line: number, read: ReadLine): AccountPlan
  /** Returns the plan of all lines added so far. */
  finish(): ListingPlan
}

interface Participant {
  readonly tally: Tally
  /** Empty until one of its lines can be read. */
  organisation: string
  readonly dates: TransitionDates
  readonly context: PlanContext
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined

/**
 * Creates a planner that judges a listing line by line, before anything is changed. Each account is judged as
 * of its participant's launch. Memory grows with the number of participants, not of accounts.
 *
 * @example
 * ```ts
 * const plan = listingPlanner(timeline, { at })
 * lines.forEach((row, i) => plan.add(i + 2, readListingRow(row)))
 * plan.finish().totals // { lines, ready, blocked, refused, … }
 * ```
 * @rule MIG-16
 * @rule MIG-05
 * @rule MIG-06
 * @category Migration
 */
export const listingPlanner = (timeline: Timeline, options: PlanOptions): ListingPlanner => {
  const { at, maxima, maxParticipants = 100_000 } = options
  const { notReady = 100, ready = 50, overall = 10_000 } = options.listing ?? {}
  const asked = options.participants === undefined ? undefined : new Set(options.participants)
  const participants = new Map<ParticipantKey, Participant>()
  const unattributed = newTally()
  const seen = seenIds()
  const days = new Map<Instant, HongKongDay>()
  let listed = 0

  const contextOf = (key: ParticipantKey, { launch }: TransitionDates): PlanContext => {
    const judgedAt = Math.max(at, launch)
    const day = days.get(judgedAt) ?? hongKongDay(judgedAt)
    days.set(judgedAt, day)
    const phase = phaseAt(timeline, key, at)
    const administratorPhase = phaseAt(timeline, key, at, 'DelegatedAdministrator')
    return { phase, administratorPhase, at: judgedAt, day }
  }
  const participantOf = (key: ParticipantKey): Participant | FindingCode => {
    const known = participants.get(key)
    if (known !== undefined) return known
    if (asked !== undefined && !asked.has(key)) return 'wrong-participant'
    if (participants.size >= maxParticipants) return 'too-many-participants'
    const dates = datesOf(timeline, key)
    const created = { tally: newTally(), organisation: '', dates, context: contextOf(key, dates) }
    participants.set(key, created)
    return created
  }
  const counted = (tally: Tally, plan: AccountPlan): AccountPlan => {
    const { ready: nowReady } = tally.totals
    const nowListed = tally.listed.length
    const alreadyListed = plan.status === 'ready' ? nowReady : tally.totals.lines - nowReady
    const hasRoom = listed < overall && alreadyListed < (plan.status === 'ready' ? ready : notReady)
    count(tally, plan, hasRoom)
    listed += tally.listed.length - nowListed
    return plan
  }
  /** The findings of a line that depend on other lines. The User ID is remembered only if there are none. */
  const refusalsOf = (account: ListedAccount, { totals }: Tally): readonly FindingCode[] => {
    const codes: FindingCode[] = []
    const lookalike = account.warnings.includes('looks-like-administrator')
    const maximum = own(maxima, account.participant)
    if (asciiUpperCase(account.organisationCode) !== account.participant) codes.push('wrong-participant')
    if (lookalike && options.administratorLookalikes !== 'admit') codes.push('looks-like-administrator')
    if (codes.length > 0) return codes
    if (maximum !== undefined && totals.ready + totals.blocked >= maximum) codes.push('over-quota')
    const again = codes.length > 0 ? seen.has(account.userId) : !seen.add(account.userId)
    return again ? ['duplicate-id'] : codes
  }

  return {
    add: (line, read) => {
      if (read.isErr()) {
        const key = read.error.participant
        const found = key === undefined ? 'unreadable' : participantOf(key)
        const tally = typeof found === 'string' ? unattributed : found.tally
        return counted(tally, planOfUnreadable(line, read.error))
      }
      const account = read.value
      const found = participantOf(account.participant)
      if (typeof found === 'string') {
        const context = contextOf(account.participant, datesOf(timeline, account.participant))
        return counted(unattributed, planOfAccount(line, account, context, options, [found]))
      }
      found.organisation ||= account.profile.organisation ?? ''
      const refusals = refusalsOf(account, found.tally)
      return counted(found.tally, planOfAccount(line, account, found.context, options, refusals))
    },
    finish: () => {
      const late = new Map<TransitionDates, boolean>()
      const isLateFor = (key: ParticipantKey, dates: TransitionDates) => {
        const is = late.get(dates) ?? isLateRegistration(timeline, key, at)
        late.set(dates, is)
        return is
      }
      const planOf = ([key, { tally, organisation, dates, context: judgement }]: [
        ParticipantKey,
        Participant,
      ]): ParticipantPlan => {
        const maximum = own(maxima, key)
        const isLate = isLateFor(key, dates)
        return {
          participant: key,
          organisation,
          phase: judgement.phase,
          launch: dates.launch,
          late: isLate,
          totals: { ...tally.totals },
          ...(maximum === undefined ? {} : { maximum }),
          ...close(tally, {
            phase: judgement.phase,
            late: isLate,
            declared: own(options.declared, key) ?? [],
            onePerson: options.onePersonParticipants?.includes(key) ?? false,
          }),
          listed: [...tally.listed],
          more: { ...tally.more },
        }
      }
      const plans = [...participants].sort(([a], [b]) => (a < b ? -1 : 1)).map(planOf)
      return {
        at,
        participants: plans,
        unattributed: {
          totals: { ...unattributed.totals },
          tasks: tasksOf(unattributed, false),
          listed: [...unattributed.listed],
          more: { ...unattributed.more },
        },
        totals: sumOfPlans([...plans.map(({ totals }) => totals), unattributed.totals]),
      }
    },
  }
}
