import { type Timeline, timelineProblems } from '../../access-control/timeline.ts'
import { definePolicy } from '../../policy/define.ts'
import type { Policy } from '../../policy/policy.ts'

/** An invalid option of the service. */
export interface ConfigurationProblem {
  /** The option, e.g. `storage.commit` or `policy.lockout.failedSignIns`. */
  readonly option: string
  /** What it must be, and what was passed. */
  readonly problem: string
}

/** The functions of every port, by option: required ones and optional ones. Optional ports are marked. */
const ports = {
  storage: { functions: ['load', 'commit', 'list', 'trail', 'participants', 'claimNotices', 'settleNotice'] },
  clock: { functions: ['now'], mayHave: ['monotonic', 'sleep'] },
  mailer: { functions: ['send'] },
  passwordHasher: { functions: ['hash', 'verify', 'needsRehash'] },
  random: { functions: ['bytes'] },
  secretBox: { functions: ['seal', 'open', 'mac', 'verifyMac'] },
  passwordBlocklist: { functions: ['includes'], optional: true },
  rateLimiter: { functions: ['consume'], optional: true },
  observer: { functions: [], mayHave: ['operation', 'entry'], optional: true },
} as const satisfies Readonly<
  Record<
    string,
    { readonly functions: readonly string[]; readonly mayHave?: readonly string[]; readonly optional?: true }
  >
>

const otherOptions = ['policy', 'timeline', 'recordCache', 'onError'] as const

type Options = Readonly<Record<string, unknown>>

const given = (value: unknown): string => {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : typeof value
}

const portProblems = (options: Options): readonly ConfigurationProblem[] =>
  Object.entries(ports).flatMap(([option, port]) => {
    const value = options[option]
    if (value === undefined && 'optional' in port) return []
    if (value === undefined) return [{ option, problem: 'must be given' }]
    if (typeof value !== 'object' || value === null)
      return [{ option, problem: `must be an object, got ${given(value)}` }]
    const mayHave = 'mayHave' in port ? port.mayHave : []
    const member = (name: string): unknown => Reflect.get(value, name)
    const present = mayHave.filter((name) => member(name) !== undefined)
    return [...port.functions, ...present]
      .filter((name) => typeof member(name) !== 'function')
      .map((name) => ({
        option: `${option}.${name}`,
        problem: `must be a function, got ${given(member(name))}`,
      }))
  })

const unknownOptions = (options: Options): readonly ConfigurationProblem[] => {
  const known: readonly string[] = [...Object.keys(ports), ...otherOptions]
  return Object.keys(options)
    .filter((option) => !known.includes(option))
    .map((option) => ({ option, problem: `is not an option; the options are ${known.join(', ')}` }))
}

/** The bounds of the cache's settings, inclusive. */
const cacheBounds: Readonly<Record<string, readonly [number, number]>> = {
  maxRecords: [1, 1_000_000],
  maxAge: [1, 600_000],
}

const cacheProblems = (cache: unknown): readonly ConfigurationProblem[] => {
  if (cache === undefined || typeof cache === 'boolean') return []
  if (typeof cache !== 'object' || cache === null)
    return [{ option: 'recordCache', problem: `must be true, false or an object, got ${given(cache)}` }]
  return Object.entries(cache).flatMap(([name, value]) => {
    const option = `recordCache.${name}`
    const [minimum, maximum] = cacheBounds[name] ?? []
    if (minimum === undefined || maximum === undefined)
      return [{ option, problem: `is not an option; the options are ${Object.keys(cacheBounds).join(', ')}` }]
    const isValid = value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)
    return isValid
      ? []
      : [{ option, problem: `must be a whole number from ${minimum} to ${maximum}, got ${value}` }]
  })
}

/**
 * The result of checking the options: the policy and timeline, validated again regardless of their origin; or
 * the problems.
 */
export interface CheckedConfiguration {
  readonly policy: Policy | undefined
  readonly timeline: Timeline | undefined
  readonly problems: readonly ConfigurationProblem[]
}

/**
 * Checks the options of a service. Policies and timelines that were assembled without `definePolicy` or
 * `defineTimeline` are validated with the same schema: a limit that is `NaN`, for example, would never be
 * reached.
 *
 * @rule AUD-04
 */
export const checkConfiguration = (options: unknown): CheckedConfiguration => {
  if (typeof options !== 'object' || options === null)
    return {
      policy: undefined,
      timeline: undefined,
      problems: [{ option: 'options', problem: `must be an object, got ${given(options)}` }],
    }
  // An object of any shape: each option is checked below.
  const all = options as Options
  const under = (name: string, found: readonly { readonly path: string; readonly problem: string }[]) =>
    found.map(({ path, problem }) => ({ option: path === '' ? name : `${name}.${path}`, problem }))
  // It refuses any other value.
  const policy = definePolicy(all['policy'] as Policy | undefined)
  const { timeline } = all
  const timelineFaults = timeline === undefined ? [] : timelineProblems(timeline)
  const needsBlocklist = policy.isOk() && policy.value.password.blocklist
  const { onError } = all
  return {
    policy: policy.isOk() ? policy.value : undefined,
    // It has no faults: it is a timeline.
    timeline: timelineFaults.length === 0 ? (timeline as Timeline | undefined) : undefined,
    problems: [
      ...unknownOptions(all),
      ...portProblems(all),
      ...(policy.isErr() ? under('policy', policy.error.problems) : []),
      ...under('timeline', timelineFaults),
      ...cacheProblems(all['recordCache']),
      ...(needsBlocklist && all['passwordBlocklist'] === undefined
        ? [{ option: 'passwordBlocklist', problem: 'must be given: policy.password.blocklist is true' }]
        : []),
      ...(onError === undefined || typeof onError === 'function'
        ? []
        : [{ option: 'onError', problem: `must be a function, got ${given(onError)}` }]),
    ],
  }
}
