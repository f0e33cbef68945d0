/** A run as data: who does what, in how many processes, and which faults occur. */
import { seeded } from './scheduler.ts'

/** The tasks by actor. Tasks of one actor are sequential; actors run concurrently. */
export const menu = {
  holder: [
    ...(['set up', 'sign in', 'sign in', 'wrong password', 'wrong code', 'old code'] as const),
    ...(['change password', 'change device', 'forgot password', 'check session', 'cancel'] as const),
  ],
  outsider: ['guess', 'ask for codes'],
  administrator: ['create', 'create', 'unlock', 'unlock', 'disable', 'enable', 'delete'],
  'DMS maker': ['enter create', 'enter disable', 'enter enable', 'enter unlock', 'amend', 'withdraw'],
  'DMS checker': ['approve', 'approve', 'approve', 'reject', 'approve late'],
  'form maker': ['submit a form', 'reclaim as maker'],
  'form checker': ['confirm a form', 'confirm a form', 'reclaim as checker', 'release a form'],
  HKEX: ['process forms'],
  migration: ['apply the listing', 'apply the listing', 'reconcile the listing'],
  'mail round': ['deliver'],
  environment: ['a clock jumps', 'a clock jumps', 'a process restarts'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** A kind of actor. */
export type Role = keyof typeof menu

/** One task of one actor. */
export interface Task {
  /** `holder 2`, for example. */
  readonly actor: string
  readonly role: Role
  readonly what: (typeof menu)[Role][number]
  /** The seed of its own choices: omitting other tasks does not change them. */
  readonly seed: number
}

/** A run as data. */
export interface Plan {
  readonly seed: number
  /** A number that selects another order of the same work; 0 unless the plan was shortened. */
  readonly order: number
  /** 1–3. */
  readonly processes: number
  /** How many of the three holders are already set up, 0–2. */
  readonly prepared: number
  readonly tasks: readonly Task[]
  /** The faults that occur, by kind and opportunity; absent: random. */
  readonly faults?: readonly string[]
}

const crew: readonly (readonly [actor: string, role: Role, tasks: number])[] = [
  ['holder 0', 'holder', 4],
  ['holder 1', 'holder', 4],
  ['holder 2', 'holder', 3],
  ['second window', 'holder', 3],
  ['outsider', 'outsider', 3],
  ['administrator', 'administrator', 4],
  ['maker', 'DMS maker', 4],
  ['checker', 'DMS checker', 4],
  ['form maker', 'form maker', 2],
  ['form checker', 'form checker', 3],
  ['HKEX', 'HKEX', 2],
  ['migration', 'migration', 2],
  ['second migration', 'migration', 1],
  ['mail round', 'mail round', 3],
  ['environment', 'environment', 3],
]

/** The plan of a seed. */
export const planOf = (seed: number): Plan => {
  const random = seeded(seed * 17 + 3)
  // Each run uses only some of them, so that runs are short and differ in which actors meet.
  const tasks = crew
    .filter(() => random() < 0.5)
    .flatMap(([actor, role, count]) =>
      Array.from({ length: count }, (): Task => {
        const choices: readonly Task['what'][] = menu[role]
        const what = choices[Math.floor(random() * choices.length)] as Task['what']
        return { actor, role, what, seed: Math.floor(random() * 2 ** 31) }
      }),
    )
  return { seed, order: 0, processes: 1 + Math.floor(random() * 3), prepared: 2, tasks }
}

/** A shortened plan as text: the remaining tasks of its seed's plan. */
export const printPlan = (plan: Plan): string => {
  const { seed, order, processes, prepared, faults } = plan
  const whole = planOf(seed).tasks
  const tasks = plan.tasks.map((task) =>
    whole.findIndex((each) => each.seed === task.seed && each.actor === task.actor),
  )
  return JSON.stringify({ seed, order, processes, prepared, tasks, faults })
}

/** Parses such a text. */
export const readPlan = (text: string): Plan => {
  const read = JSON.parse(text) as Omit<Plan, 'tasks'> & { readonly tasks: readonly number[] }
  const whole = planOf(read.seed).tasks
  return { ...read, tasks: read.tasks.flatMap((place) => whole[place] ?? []) }
}
