/**
 * The performance aims of the library and what they are measured against; `docs/performance.md` shows each of
 * them.
 */

/**
 * An aim: how many times faster than a peer, at most how many times the time of a bare limit, or an amount.
 */
export interface Aim {
  readonly part: string
  readonly what: string
  readonly against: string
  readonly limit: { readonly faster: number } | { readonly within: number } | { readonly atMost: number }
  /** If it is missed: what was tried, and what remains. */
  readonly tried: string
}

const signIn = 'A sign-in on PostgreSQL, nothing hashed'
const fourBare = 'four bare statements'
const betterAuth = 'better-auth with twoFactor, same PostgreSQL'
const atOnce = [1, 16, 64] as const

const triedOnSignIn =
  'States, references and access rows are computed once; random bytes come from a pool; commits are written as rows. What is left is the JavaScript of a sign-in and of the driver, on one core that the server shares.'

const signInAims = (kind: 'warm' | 'cold', within: number) =>
  Object.fromEntries(
    atOnce.flatMap((people): readonly (readonly [string, Aim])[] => {
      const common = { part: signIn, what: `${kind}, ${people} at once`, tried: triedOnSignIn }
      return [
        [`${kind}-${people}-bare`, { ...common, against: fourBare, limit: { within } }],
        ...(kind === 'warm'
          ? ([[`${kind}-${people}-peer`, { ...common, against: betterAuth, limit: { faster: 10 } }]] as const)
          : []),
      ]
    }),
  )

const triedOnObserver =
  'No promise beyond that of the call, none for a callback that returns nothing, one reading of the clock less, and no spread of an object on the way to the observer.'

const triedOnImport =
  'One file an entry, shared chunks, no time zone at import, `date-fns` by subpath. zod takes most of what is left; it is not compiled in ([decision 0016](decisions/0016-what-is-published.md)).'

/** What grows in the growth bench, in words. */
export const growthDimensions = {
  accounts: 'accounts, 50 a participant',
  participants: 'participants',
  trail: 'the trail of the account',
  requests: 'pending requests of the participant',
  claimed: 'claimed notices',
  waiting: 'free notices',
  market: 'accounts of a whole market, 50 a participant',
  own: 'accounts of the participant of the user',
} as const

/** The stores of the growth bench, in words. */
export const growthStores = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

const storesOfGrowth = Object.entries(growthStores)

/** The largest number of what grows, where it is not 10,000. */
const mostOf: Readonly<Record<string, string>> = { accounts: '100,000', market: '1,000,000', own: '1,000' }

const growthAims = Object.fromEntries(
  storesOfGrowth.flatMap(([on, store]): readonly (readonly [string, Aim])[] => {
    const common = { part: 'Growth', against: 'the same at 100', limit: { within: 2 } } as const
    return [
      ...Object.entries(growthDimensions).map(([dimension, words]): readonly [string, Aim] => {
        const most = mostOf[dimension] ?? '10,000'
        return [
          `growth-${dimension}-${on}`,
          {
            ...common,
            what: `${store}: the slowest operation at ${most}, growing with ${words}`,
            tried:
              'Every statement uses an index, and its plan is tested. What is left is the depth of the indexes and pages that are no longer cached.',
          },
        ]
      }),
    ]
  }),
)

const aimsByName: Readonly<Record<string, Aim>> = {
  'warm-statements': {
    part: signIn,
    what: 'statements, warm',
    against: 'two',
    limit: { atMost: 2 },
    tried: triedOnSignIn,
  },
  ...signInAims('warm', 1),
  'cold-statements': {
    part: signIn,
    what: 'statements, cold',
    against: 'four',
    limit: { atMost: 4 },
    tried: triedOnSignIn,
  },
  ...signInAims('cold', 1.3),
  argon2: {
    part: 'A sign-in with Argon2id',
    what: '64 MiB, 3 passes, 4 lanes, store in memory',
    against: 'verifying the hash alone',
    limit: { within: 1.02 },
    tried:
      'Nothing more. With the free hasher a sign-in takes the time in the table below, a fraction of what is added here: after a hash, which fills the caches of the processor with 64 MiB, the same work probably takes longer. No profile has shown it.',
  },
  ...Object.fromEntries(
    (['Memory', 'SQLite'] as const).flatMap((store): readonly (readonly [string, Aim])[] => {
      const common = {
        part: 'A sign-in with an observer, nothing hashed',
        against: 'the same sign-in without an observer',
        tried: triedOnObserver,
      }
      return [
        [
          `observer-counts-${store.toLowerCase()}`,
          { ...common, what: `${store}: an observer that counts, processor time`, limit: { within: 1.02 } },
        ],
        [
          `observer-opentelemetry-${store.toLowerCase()}`,
          {
            ...common,
            what: `${store}: \`ccass-2fa/opentelemetry\` without an SDK, processor time`,
            limit: { within: 1.05 },
          },
        ],
      ]
    }),
  ),
  'listing-sqlite': {
    part: 'A listing applied',
    what: 'a line planned and applied to SQLite',
    against: 'bare inserts of the same rows',
    limit: { within: 2 },
    tried:
      'Rows of a commit are one value a table. What is left is hashing, canonical JSON and the fold of each account.',
  },
  'listing-postgres': {
    part: 'A listing applied',
    what: 'a line planned and applied to PostgreSQL',
    against: 'bare multi-row inserts of the same rows',
    limit: { within: 2 },
    tried:
      'New records and entries of a commit are rows of arrays in one statement. What is left is hashing, canonical JSON and the fold of each account.',
  },
  'import-limit': {
    part: 'Import of the core, fresh process',
    what: 'milliseconds',
    against: '150 ms',
    limit: { atMost: 150 },
    tried: triedOnImport,
  },
  'import-alone': {
    part: 'Import of the core, fresh process',
    what: 'the core',
    against: 'better-auth alone',
    limit: { faster: 4 },
    tried: triedOnImport,
  },
  'import-plugins': {
    part: 'Import of the core, fresh process',
    what: 'the core',
    against: 'better-auth with twoFactor, as its guide imports them',
    limit: { faster: 4 },
    tried: triedOnImport,
  },
  'password-peer': {
    part: 'Rules in isolation',
    what: 'checkPassword, every unmet rule (the slowest kind of password)',
    against: 'password-validator',
    limit: { faster: 3 },
    tried: 'As below.',
  },
  'password-scan': {
    part: 'Rules in isolation',
    what: 'checkPassword, every unmet rule (the slowest kind of password)',
    against: 'one bare scan of the characters',
    limit: { within: 2.5 },
    tried:
      'One pass over the characters with an early end. NFC, code points and the form of the answer are left.',
  },
  'lockout-peer': {
    part: 'Rules in isolation',
    what: 'a wrong code: decide and evolve',
    against: 'an xstate transition',
    limit: { faster: 50 },
    tried: 'The table is indexed by command and stage. Its guards are functions that are called one by one.',
  },
  'lockout-spread': {
    part: 'Rules in isolation',
    what: 'a wrong code: decide and evolve',
    against: 'a bare object spread',
    limit: { within: 5 },
    tried: 'As above: a decision by a table that can be printed costs more than one object.',
  },
  'attempts-peer': {
    part: 'Rules in isolation',
    what: 'a wrong code: the arithmetic alone',
    against: 'an xstate transition',
    limit: { faster: 50 },
    tried: 'It is two additions and a comparison, without allocation beyond its result.',
  },
  'attempts-spread': {
    part: 'Rules in isolation',
    what: 'a wrong code: the arithmetic alone',
    against: 'a bare object spread',
    limit: { within: 5 },
    tried: 'It is two additions and a comparison, without allocation beyond its result.',
  },
  ...growthAims,
  'verify-flat': {
    part: 'Verification at size',
    what: 'a record verified on SQLite, at 1,000,000 accounts',
    against: 'the same at 1,000',
    limit: { within: 1.5 },
    tried: 'Records are verified in pages; trails of a page are read together.',
  },
  'verify-memory': {
    part: 'Verification at size',
    what: 'peak memory on SQLite, at 1,000,000 accounts',
    against: 'the same at 1,000',
    limit: { within: 1.5 },
    tried:
      'One page of records and one line of the manifest are kept at a time. Without a limited heap the ratio was 2.12, because V8 lets a heap grow before it collects.',
  },
  'planning-memory': {
    part: 'A listing planned',
    what: 'megabytes resident, 1,000,000 accounts',
    against: '200 MB',
    limit: { atMost: 200 },
    tried: 'The plan is a stream; counts of participants are all that it keeps.',
  },
  'planning-flat': {
    part: 'A listing planned',
    what: 'an account of 1,000,000, times one of 10,000',
    against: 'the same',
    limit: { within: 1.5 },
    tried: 'The plan is a stream; counts of participants are all that it keeps.',
  },
}

/** The name of an aim. */
export type AimName = string

/** Every aim by name, in the order of the page. */
export const aims: ReadonlyMap<AimName, Aim> = new Map(Object.entries(aimsByName))

/** Returns the aim with a name. */
export const aimOf = (name: AimName): Aim => {
  const aim = aims.get(name)
  if (aim === undefined) throw new Error(`no aim is called ${name}`)
  return aim
}

/** Whether a figure meets an aim. */
export const isMet = ({ limit }: Aim, figure: number): boolean =>
  'faster' in limit ? figure >= limit.faster : figure <= ('within' in limit ? limit.within : limit.atMost)

/** An aim's limit in words. */
export const limitText = ({ limit }: Aim): string => {
  if ('faster' in limit) return `≥ ${limit.faster}× faster`
  return 'within' in limit ? `≤ ${limit.within}× its time` : `≤ ${limit.atMost}`
}

/** Formats a figure in the unit of its aim. */
export const figureText = ({ limit }: Aim, figure: number): string => {
  if ('faster' in limit) return `${figure.toFixed(1)}× faster`
  if ('atMost' in limit) return `${Math.round(figure)}`
  return `${figure.toFixed(figure > 0.9 && figure < 1.1 ? 3 : 2)}×`
}
