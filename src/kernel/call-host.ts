/** Whether a value can be a promise: an object or a function. */
const canBeThenable = (answer: unknown) =>
  (typeof answer === 'object' && answer !== null) || typeof answer === 'function'

/**
 * Calls a callback of the host that must not affect the library. What it throws is passed to `failed`. So is
 * the rejection of an `async` callback, because an unhandled one would end the process; the promise can come
 * from another realm (`vm` contexts of test runners) or from a library.
 *
 * @rule OBS-01
 * @rule API-02
 */
export const callHost = <T>(callback: () => T, failed: (error: unknown) => void): T | undefined => {
  try {
    const answer = callback()
    // Most callbacks return nothing, and a promise for each would cost more than they do.
    if (canBeThenable(answer)) Promise.resolve(answer).catch(failed)
    return answer
  } catch (error) {
    failed(error)
    return undefined
  }
}
