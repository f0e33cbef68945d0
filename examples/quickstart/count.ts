import type { Note } from '../support/trace.ts'
import type { Host } from './host.ts'

const text = (passwords: number, otps: number, failedSignIns: number) =>
  `${passwords} + ⌊${otps}/3⌋ = ${failedSignIns} of 5`

/**
 * The count that locks an account, p + ⌊o/3⌋, as the library keeps it, compared with the expected value
 * (LOCK-04).
 */
export const count = async ({ auth }: Host, userId: string, p: number, o: number): Promise<Note> => {
  const view = await auth.registry.view({ userId })
  if (view.isErr()) return { is: view.error.code, mustBe: 'an account' }
  const { passwords, otps, failedSignIns } = view.value.failedAttempts
  return { is: text(passwords, otps, failedSignIns), mustBe: text(p, o, p + Math.floor(o / 3)) }
}
