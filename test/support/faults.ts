import type { Ports } from '../../src/index.ts'

/** How a call of a port goes wrong: before it did anything, or after it did all of it. */
export type Manner = 'rejects' | 'throws' | 'rejects afterwards'

/** What is looked up, opened or drawn has no effect that could outlive a failure. */
const hasEffect = new Set(['storage.commit', 'storage.claimNotices', 'storage.settleNotice', 'mailer.send'])

/** What answers at once can only throw. */
const isSynchronous = new Set(['clock.now', 'random.bytes', 'passwordHasher.needsRehash'])

/**
 * The ways in which a port's n-th call can go wrong: before it did anything, by rejecting and by throwing
 * in turns; and after it did all of it, where that makes a difference.
 */
export const mannersOf = (call: string, nth: number): readonly Manner[] => {
  if (isSynchronous.has(call)) return ['throws']
  const before = nth % 2 === 0 ? 'rejects' : 'throws'
  return hasEffect.has(call) ? [before, 'rejects afterwards'] : [before]
}

/** Which call goes wrong, and how; `undefined` for one that goes well. */
export type Plan = (call: string, nth: number) => Manner | undefined

type Method = (...args: unknown[]) => unknown

/**
 * Ports whose calls go wrong by plan. Calls are counted by port and method, from 0, since the last
 * `begin`.
 */
export const faulty = () => {
  let plan: Plan = () => undefined
  let counts = new Map<string, number>()

  const broken = (call: string, manner: Manner, work: () => unknown): unknown => {
    const fault = new Error(`the port ${manner}`)
    if (manner === 'throws' || isSynchronous.has(call)) throw fault
    if (manner === 'rejects') return Promise.reject(fault)
    return Promise.resolve(work()).then(() => Promise.reject(fault))
  }

  const wrap = <P extends object>(name: string, port: P): P =>
    new Proxy(port, {
      get: (target, key) => {
        const method = Reflect.get(target, key) as unknown
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => {
          const call = `${name}.${String(key)}`
          const nth = counts.get(call) ?? 0
          counts.set(call, nth + 1)
          const manner = plan(call, nth)
          const work = () => Reflect.apply(method as Method, target, args) as unknown
          return manner === undefined ? work() : broken(call, manner, work)
        }
      },
    })

  return {
    between: (ports: Ports): Ports =>
      Object.fromEntries(
        Object.entries(ports).map(([name, port]) => [name, wrap(name, port as object)]),
      ) as unknown as Ports,
    /** From now on by this plan. */
    begin: (next: Plan) => {
      plan = next
      counts = new Map()
    },
    /** How often each method was called since. */
    calls: (): ReadonlyMap<string, number> => counts,
  }
}
