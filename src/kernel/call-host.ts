/**
 * Calls a callback of the host that only listens. What it throws goes to `failed`; so does what it rejects with, if it
 * is an `async` function: an unhandled rejection would end the process.
 */
export const callHost = <T>(callback: () => T, failed: (error: unknown) => void): T | undefined => {
  try {
    const answer = callback()
    if (answer instanceof Promise) answer.catch(failed)
    return answer
  } catch (error) {
    failed(error)
    return undefined
  }
}
