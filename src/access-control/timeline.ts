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
 * Where the move from smartcard to 2FA stands. Emails are registered from `registration` on; 2FA opens
 * with `parallel-run`; the smartcard ends with `decommissioned`.
 *
 * @rule MIG-01
 * @rule MIG-03
 * @rule MIG-12
 * @category Access
 */
export type Phase = 'before-registration' | 'registration' | 'parallel-run' | 'decommissioned'

/**
 * Every phase, in order.
 *
 * @category Access
 */
export const phases = [
  'before-registration',
  'registration',
  'parallel-run',
  'decommissioned',
] as const satisfies readonly Phase[]

/** Whether 2FA is not open yet. */
export const isBeforeLaunch = (phase: Phase): boolean =>
  phase === 'before-registration' || phase === 'registration'

/**
 * The dates of the move, of one participant or of all.
 *
 * @category Access
 */
export interface TransitionDates {
  /** The first instant at which users' emails are registered. Default: 1 December 2022 in Hong Kong (MIG-01). */
  readonly emailRegistrationFrom: Instant
  /**
   * The first instant at which Delegated Administrators' emails are registered. Default: 20 March 2023 in Hong
   * Kong; where that is not between `emailRegistrationFrom` and the deadline, the same as for users (MIG-23).
   */
  readonly administratorEmailRegistrationFrom: Instant
  /** The last day for both, in Hong Kong, included. Default: 2023-04-28 (MIG-01). */
  readonly emailRegistrationUntil: HongKongDay
  /** The first instant at which 2FA is open. */
  readonly launch: Instant
  /** The first instant at which the terminals' smartcard is shut; absent: not set yet. */
  readonly decommissioning?: Instant
}

/**
 * The dates of the move, checked and frozen. {@link defineTimeline} makes one.
 *
 * @category Access
 */
export interface Timeline extends TransitionDates {
  /** The complete dates of participants that move on other dates than the common ones. */
  readonly participants: Readonly<Record<ParticipantKey, TransitionDates>>
}

const instant = z.int().refine((at) => hongKongDay(at) !== '', 'must be an instant, epoch milliseconds')
const day = z.string().refine((text) => startOfHongKongDay(text) !== undefined, 'must be a day, YYYY-MM-DD')

// Written with their offset: to make the calendar of a time zone at import takes longer than all tables here.
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
 * must be given. `participants`: where a participant departs from the common dates; `decommissioning: null`
 * there: not set yet for this one.
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

/** The first instant after the deadline's day. */
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
  return wrong.filter(([holds]) => holds).map(([, field, problem]) => ({ path: at + field, problem }))
}

/** Dates that lack the start for administrators, and the start that they would inherit. */
type Undated = Omit<TransitionDates, 'administratorEmailRegistrationFrom'>

/** An inherited start outside the time in which emails are registered gives way to the users' start. */
const withAdministrators = (
  dates: Undated,
  inherited: Instant,
  given: Instant | undefined,
): TransitionDates => {
  const { emailRegistrationFrom, emailRegistrationUntil } = dates
  const over = endOfHongKongDay(emailRegistrationUntil) ?? 0
  const fits = inherited >= emailRegistrationFrom && inherited < over
  return {
    ...dates,
    administratorEmailRegistrationFrom: given ?? (fits ? inherited : emailRegistrationFrom),
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
 * The problems of a timeline, however it was created. One created by {@link defineTimeline} has none.
 *
 * @rule MIG-02
 */
export const timelineProblems = (timeline: unknown): readonly Problem[] => {
  const parsed = wholeTimeline.safeParse(timeline)
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }))
  const { participants, ...dates } = timeline as Timeline
  return [
    ...contradictions(dates, ''),
    ...Object.entries(participants).flatMap(([key, own]) => contradictions(own, `participants.${key}.`)),
  ]
}

/**
 * A timeline from its dates, checked against each other: the common ones, and each participant's own over the
 * common ones. Launch at the very end of the deadline's day is valid; decommissioning at the instant of launch
 * is not.
 *
 * @returns the timeline, frozen; or `timeline-invalid` with every date that is missing, invalid, or in the
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
 * The dates by which a participant moves: its own, or the common ones.
 *
 * @rule MIG-16
 */
export const datesOf = (timeline: Timeline, participant: ParticipantKey): TransitionDates =>
  (Object.hasOwn(timeline.participants, participant) ? timeline.participants[participant] : undefined) ??
  timeline

/**
 * The phase in which a participant is at an instant. Each phase begins at its instant, and the one before ends
 * a millisecond earlier. `registration` begins by role: for Delegated Administrators later than for users
 * (MIG-23). It lasts until launch: after the deadline an email may still be registered, and is late ({@link
 * isLateRegistration}).
 *
 * @param role - whose phase; matters before launch only.
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
 * Whether an email registered at an instant comes after the deadline: possible, and reported as late. The
 * deadline's day counts whole, Hong Kong time.
 *
 * @rule MIG-02
 * @category Access
 */
export const isLateRegistration = (timeline: Timeline, participant: ParticipantKey, at: Instant): boolean =>
  at >= deadline(datesOf(timeline, participant))

/**
 * Whether an account created at an instant was created from launch on, and so can use 2FA only.
 *
 * @rule MIG-04
 */
export const isCreatedFromLaunch = (
  timeline: Timeline,
  participant: ParticipantKey,
  createdAt: Instant,
): boolean => createdAt >= datesOf(timeline, participant).launch
