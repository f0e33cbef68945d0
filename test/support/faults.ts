import type { Ports } from '../../src/index.ts'

/** How a port call fails: before it had any effect, or after its full effect. */
export type Manner = 'rejects' | 'throws' | 'rejects afterwards'

/** Calls without an effect that could outlast a failure: lookups, opening, random values. */
const hasEffect = new Set(['storage.commit', 'storage.claimNotices', 'storage.settleNotice', 'mailer.send'])

/** Synchronous calls can only throw. */
const isSynchronous = new Set(['clock.now', 'random.bytes', 'passwordHasher.needsRehash'])

/**
 * The ways in which a port's n-th call can fail: before any effect, alternately by rejecting and by throwing;
 * and after its full effect, if that makes a difference.
 */
export const mannersOf = (call: string, nth: number): readonly Manner[] => {
  if (isSynchronous.has(call)) return ['throws']
  const before = nth % 2 === 0 ? 'rejects' : 'throws'
  return hasEffect.has(call) ? [before, 'rejects afterwards'] : [before]
}

/** Which call fails, and how; `undefined` for a call that succeeds. */
export type Plan = (call: string, nth: number) => Manner | undefined

type Method = (...args: unknown[]) => unknown

/**
 * Ports whose calls fail by plan. Calls are counted by port and method, from 0, since the last `begin`.
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
    /** Uses this plan from now on. */
    begin: (next: Plan) => {
      plan = next
      counts = new Map()
    },
    /** The number of calls per method since then. */
    calls: (): ReadonlyMap<string, number> => counts,
  }
}
