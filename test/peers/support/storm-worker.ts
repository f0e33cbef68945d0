/**
 * A process of a storm: it receives commands from the process that started it, and reports everything to it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type Noted, noting, type StormHolder } from './storm-holder.ts'
import { openStormService, type StormSettings } from './storm-service.ts'
import { traffic } from './storm-traffic.ts'

/** A command that it receives. */
export type Order =
  | { readonly do: 'open'; readonly settings: StormSettings }
  /** The instant at which all processes start. */
  | {
      readonly do: 'confirm'
      readonly at: number
      readonly userId: string
      readonly codes: readonly { readonly challenge: string; readonly code: string }[]
    }
  | { readonly do: 'register'; readonly at: number; readonly userIds: readonly string[] }
  | { readonly do: 'traffic'; readonly holders: readonly StormHolder[] }
  | { readonly do: 'end' }

/** A message that it sends. */
export type Word = Noted | { readonly notice: string } | { readonly done: Order['do'] }

const say = (word: Word) => void process.send?.(word)
// The process that started it has ended, so this one ends too.
process.once('disconnect', () => process.exit(0))

let over = false
let service: Awaited<ReturnType<typeof openStormService>> | undefined
let acts: ReturnType<typeof noting> | undefined

const carryOut = async (order: Order): Promise<void> => {
  if (order.do === 'open') {
    service = await openStormService(order.settings, ({ id }) => say({ notice: id }))
    acts = noting(service, say)
  }
  if (service === undefined || acts === undefined) throw new Error('not open')
  const { confirm, register } = acts
  switch (order.do) {
    case 'open':
      break
    case 'confirm':
      await pause(order.at - Date.now())
      await Promise.all(order.codes.map(({ challenge, code }) => confirm(order.userId, challenge, code)))
      break
    case 'register':
      await pause(order.at - Date.now())
      await Promise.all(order.userIds.map((userId) => register(userId)))
      break
    case 'traffic':
      await traffic(service, acts, order.holders, () => over)
      break
    case 'end':
      over = true
      return
  }
  say({ done: order.do })
}

process.on('message', (order: Order) => {
  carryOut(order).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
