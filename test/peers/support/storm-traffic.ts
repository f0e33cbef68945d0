/** Every holder signs in and out at once, correctly and wrongly, until told to stop. */
import { setTimeout as pause } from 'node:timers/promises'
import { appCode, type Noting, type noting, password, type StormHolder, wrongCode } from './storm-holder.ts'
import type { StormService } from './storm-service.ts'

/** The number of concurrent operations in one process. */
const atOnce = 6

const chance = (share: number) => Math.random() < share

/** One round of a holder. */
const once = async (service: StormService, acts: Noting, { userId, secret = '' }: StormHolder) => {
  const { clock, codeFor } = service
  const begun = await acts.begin(userId, chance(0.05) ? 'Wrong-Horse#Battery9' : password)
  if (begun.isErr()) {
    // Locked, or partly set up by a process that died: a Delegated Administrator unlocks it, and it starts
    // again.
    if (begun.error.code === 'sign-in-refused' && chance(0.2)) {
      await acts.ask('unlock', userId, ({ registry }) => registry.unlock({ userId, by: 'B01234X1' }))
      await acts.setUp(userId, 'Email')
    }
    return
  }
  const step = begun.value
  if (step.next !== 'otp') {
    if (chance(0.5)) await acts.setUp(userId, 'Email')
    return
  }
  const { challenge } = step
  if (step.channel === 'Email' && chance(0.1))
    await acts.ask('sign-in/resend', userId, ({ signIn }) => signIn.resendCode({ challenge }))
  const right = step.channel === 'Email' ? codeFor(userId) : appCode(secret, clock.now())
  const wrong = secret === '' ? '000000' : wrongCode(secret, clock.now())
  const done = await acts.confirm(userId, challenge, chance(0.15) ? wrong : right)
  if (done.isErr() || done.value.next !== 'done' || chance(0.5)) return
  // The same password again: the holder is notified, so that a notice is always pending.
  const { session } = done.value
  const changed = { session, current: password, password, confirmation: password }
  await acts.ask('me/password', userId, ({ selfService }) => selfService.changePassword(changed))
}

/** Keeps a process busy; resolves when everything in progress has ended. */
export const traffic = async (
  service: StormService,
  acts: ReturnType<typeof noting>,
  holders: readonly StormHolder[],
  isOver: () => boolean,
): Promise<void> => {
  const one = async () => {
    while (!isOver()) {
      const holder = holders[Math.floor(Math.random() * holders.length)]
      if (holder === undefined) return
      await once(service, acts, holder)
      // Not more than the machine can handle, or the replacements of killed processes would start too slowly.
      await pause(Math.random() * 150)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
