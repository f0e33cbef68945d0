import { err, ok, type Result } from 'neverthrow'
import * as z from 'zod'
import { participantKey } from '../fields/identifiers.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Role } from '../identity/role.ts'
import {
  endOfHongKongDay,
  type HongKongDay,
  hongKongDay,
  type Instant,
  startOfHongKongDay,
} from '../kernel/instant.ts'
import type { TimelineRefusal } from './refusals.ts'

/**
 * A phase of the transition from smartcard to 2FA. Emails are registered from `registration` on; 2FA is
 * available from `parallel-run` on; the smartcard ends with `decommissioned`.
 *
 * @rule MIG-01
 * @rule MIG-03
 * @rule MIG-12
 * @category Access
 */
export type Phase = 'before-registration' | 'registration' | 'parallel-run' | 'decommissioned'

/**
 * The phases, in order.
 *
 * @category Access
 */
export const phases = [
  'before-registration',
  'registration',
  'parallel-run',
  'decommissioned',
] as const satisfies readonly Phase[]

/** Whether 2FA is not available yet. */
export const isBeforeLaunch = (phase: Phase): boolean =>
  phase === 'before-registration' || phase === 'registration'

/**
 * The dates of the transition, for one participant or for all.
 *
 * @category Access
 */
export interface TransitionDates {
  /** The first instant at which users' emails are registered. Default: 1 December 2022 in Hong Kong (MIG-01). */
  readonly emailRegistrationFrom: Instant
  /**
   * The first instant at which Delegated Administrators' emails are registered. Default: 20 March 2023 in
   * Hong Kong; if that is not between `emailRegistrationFrom` and the deadline, the same as for users
   * (MIG-23).
   */
  readonly administratorEmailRegistrationFrom: Instant
  /** The last day of registration for both, in Hong Kong, inclusive. Default: 2023-04-28 (MIG-01). */
  readonly emailRegistrationUntil: HongKongDay
  /** The first instant at which 2FA is available. */
  readonly launch: Instant
  /** The first instant at which terminals refuse the smartcard; absent: not decided yet. */
  readonly decommissioning?: Instant
}

/**
 * The dates of the transition, validated and frozen. {@link defineTimeline} creates one.
 *
 * @category Access
 */
export interface Timeline extends TransitionDates {
  /** The complete dates of participants whose dates differ from the common ones. */
  readonly participants: Readonly<Record<ParticipantKey, TransitionDates>>
}

const instant = z.int().refine((at) => hongKongDay(at) !== '', 'must be an instant, epoch milliseconds')
const day = z.string().refine((text) => startOfHongKongDay(text) !== undefined, 'must be a day, YYYY-MM-DD')

// Written with an offset, because creating a time zone's calendar at import takes longer than all tables
// here.
const usersFrom = /* @__PURE__ */ Date.parse('2022-12-01T00:00+08:00')
const administratorsFrom = /* @__PURE__ */ Date.parse('2023-03-20T00:00+08:00')

const common = z.strictObject({
  emailRegistrationFrom: instant.default(usersFrom),
  administratorEmailRegistrationFrom: instant.optional(),
  emailRegistrationUntil: day.default('2023-04-28'),
  launch: instant,
  decommissioning: instant.optional(),
})
const departure = z.strictObject({
  emailRegistrationFrom: instant.optional(),
  administratorEmailRegistrationFrom: instant.optional(),
  emailRegistrationUntil: day.optional(),
  launch: instant.optional(),
  decommissioning: instant.nullable().optional(),
})
const schema = z.strictObject({
  ...common.shape,
  participants: z.record(participantKey, departure).default({}),
})

/**
 * The input of a timeline: instants in whole epoch milliseconds, days as `YYYY-MM-DD` in Hong Kong. `launch`
 * is required. `participants` contains the dates in which a participant differs from the common ones;
 * `decommissioning: null` means not decided yet for this participant.
 *
 * @category Access
 */
export interface TimelineInput extends Partial<Omit<TransitionDates, 'launch'>> {
  readonly launch: Instant
  readonly participants?: Readonly<
    Record<
      ParticipantKey,
      Partial<Omit<TransitionDates, 'decommissioning'>> & { readonly decommissioning?: Instant | null }
    >
  >
}

type Problem = TimelineRefusal['problems'][number]

/** The first instant after the day of the deadline. */
const deadline = ({ emailRegistrationUntil }: TransitionDates): Instant =>
  endOfHongKongDay(emailRegistrationUntil) ?? 0

const contradictions = (dates: TransitionDates, at: string): readonly Problem[] => {
  const { emailRegistrationFrom, administratorEmailRegistrationFrom, launch, decommissioning } = dates
  const over = deadline(dates)
  const wrong: readonly (readonly [boolean, string, string])[] = [
    [
      emailRegistrationFrom >= over,
      'emailRegistrationUntil',
      'must not be over before emailRegistrationFrom',
    ],
    [
      administratorEmailRegistrationFrom >= over && emailRegistrationFrom < over,
      'emailRegistrationUntil',
      'must not be over before administratorEmailRegistrationFrom',
    ],
    [launch < over, 'launch', 'must not be before the end of emailRegistrationUntil'],
    [decommissioning !== undefined && decommissioning <= launch, 'decommissioning', 'must be after launch'],
  ]
  return wrong.filter(([isWrong]) => isWrong).map(([, field, problem]) => ({ path: at + field, problem }))
}

/** Dates without the administrators' start, and the start that they would inherit. */
type Undated = Omit<TransitionDates, 'administratorEmailRegistrationFrom'>

/** Uses the users' start if an inherited start is outside the period in which emails are registered. */
const withAdministrators = (
  dates: Undated,
  inherited: Instant,
  given: Instant | undefined,
): TransitionDates => {
  const { emailRegistrationFrom, emailRegistrationUntil } = dates
  const over = endOfHongKongDay(emailRegistrationUntil) ?? 0
  const isInPeriod = inherited >= emailRegistrationFrom && inherited < over
  return {
    ...dates,
    administratorEmailRegistrationFrom: given ?? (isInPeriod ? inherited : emailRegistrationFrom),
  }
}

const merged = (dates: TransitionDates, own: z.output<typeof departure>): TransitionDates => {
  const decommissioning =
    own.decommissioning === undefined ? dates.decommissioning : (own.decommissioning ?? undefined)
  const common = {
    emailRegistrationFrom: own.emailRegistrationFrom ?? dates.emailRegistrationFrom,
    emailRegistrationUntil: own.emailRegistrationUntil ?? dates.emailRegistrationUntil,
    launch: own.launch ?? dates.launch,
    ...(decommissioning === undefined ? {} : { decommissioning }),
  }
  const { administratorEmailRegistrationFrom: inherited } = dates
  return Object.freeze(withAdministrators(common, inherited, own.administratorEmailRegistrationFrom))
}

const whole = z.strictObject({
  emailRegistrationFrom: instant,
  administratorEmailRegistrationFrom: instant,
  emailRegistrationUntil: day,
  launch: instant,
  decommissioning: instant.optional(),
})
const wholeTimeline = z.strictObject({ ...whole.shape, participants: z.record(participantKey, whole) })

/**
 * Finds the problems of a timeline, regardless of how it was created. {@link defineTimeline} creates valid
 * ones.
 *
 * @rule MIG-02
 */
export const timelineProblems = (timeline: unknown): readonly Problem[] => {
  const parsed = wholeTimeline.safeParse(timeline)
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }))
  // The schema accepts timelines only.
  const { participants, ...dates } = timeline as Timeline
  return [
    ...contradictions(dates, ''),
    ...Object.entries(participants).flatMap(([key, own]) => contradictions(own, `participants.${key}.`)),
  ]
}

/**
 * Creates a timeline from its dates and validates their order: the common dates, and each participant's dates
 * over the common ones. Launch can be at the very end of the deadline's day; decommissioning must be after
 * launch.
 *
 * @returns the timeline, frozen; or `timeline-invalid` with every date that is missing, invalid or in the
 * wrong order, by path, e.g. `participants.B01234.launch`.
 * @example
 * ```ts
 * defineTimeline({ launch: Date.UTC(2023, 5, 5, 1), participants: { BNK999: { launch: Date.UTC(2023, 6, 3, 1) } } })
 * ```
 * @rule MIG-02
 * @rule MIG-16
 * @category Access
 */
export const defineTimeline = (input: TimelineInput): Result<Timeline, TimelineRefusal> => {
  const refused = (problems: readonly Problem[]) =>
    err({ code: 'timeline-invalid', rule: 'MIG-02', problems } as const)
  const parsed = schema.safeParse(input)
  if (!parsed.success)
    return refused(
      parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message })),
    )
  const { participants, decommissioning, administratorEmailRegistrationFrom, ...rest } = parsed.data
  const common = { ...rest, ...(decommissioning === undefined ? {} : { decommissioning }) }
  const dates = withAdministrators(common, administratorsFrom, administratorEmailRegistrationFrom)
  const own = Object.entries(participants).map(([key, each]) => [key, merged(dates, each)] as const)
  const problems = [
    ...contradictions(dates, ''),
    ...own.flatMap(([key, each]) => contradictions(each, `participants.${key}.`)),
  ]
  return problems.length > 0
    ? refused(problems)
    : ok(Object.freeze({ ...dates, participants: Object.freeze(Object.fromEntries(own)) }))
}

/**
 * Returns the dates of a participant: its own, or the common ones.
 *
 * @rule MIG-16
 */
export const datesOf = (timeline: Timeline, participant: ParticipantKey): TransitionDates =>
  (Object.hasOwn(timeline.participants, participant) ? timeline.participants[participant] : undefined) ??
  timeline

/**
 * Returns the phase of a participant at an instant. Each phase begins at its date, and the previous one ends
 * a millisecond earlier. `registration` begins later for Delegated Administrators than for users (MIG-23). It
 * lasts until launch: after the deadline an email can still be registered, but is late ({@link
 * isLateRegistration}).
 *
 * @param role - the role whose phase is returned; it matters only before launch.
 * @rule MIG-01
 * @rule MIG-03
 * @rule MIG-12
 * @rule MIG-23
 * @category Access
 */
export const phaseAt = (
  timeline: Timeline,
  participant: ParticipantKey,
  at: Instant,
  role: Role = 'User',
): Phase => {
  const dates = datesOf(timeline, participant)
  if (dates.decommissioning !== undefined && at >= dates.decommissioning) return 'decommissioned'
  if (at >= dates.launch) return 'parallel-run'
  const from = role === 'User' ? dates.emailRegistrationFrom : dates.administratorEmailRegistrationFrom
  return at >= from ? 'registration' : 'before-registration'
}

/**
 * Whether an email registered at an instant is late. Registration after the deadline is allowed and reported.
 * The deadline's whole day, in Hong Kong time, is still in time.
 *
 * @rule MIG-02
 * @category Access
 */
export const isLateRegistration = (timeline: Timeline, participant: ParticipantKey, at: Instant): boolean =>
  at >= deadline(datesOf(timeline, participant))

/**
 * Whether an account created at an instant was created from launch on, which limits it to 2FA.
 *
 * @rule MIG-04
 */
export const isCreatedFromLaunch = (
  timeline: Timeline,
  participant: ParticipantKey,
  createdAt: Instant,
): boolean => createdAt >= datesOf(timeline, participant).launch
