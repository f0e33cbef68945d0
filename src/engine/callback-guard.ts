/**
 * Knows whether one of the host's callbacks is running, so that a call of the service that starts now comes from it.
 *
 * @rule OBS-01
 */
export interface CallbackGuard {
  /** Runs a callback. */
  run<T>(callback: () => T): T
  isRunning(): boolean
}

/** Creates the guard of one service. */
export const callbackGuard = (): CallbackGuard => {
  let running = 0
  return {
    run: (callback) => {
      running++
      try {
        return callback()
      } finally {
        running--
      }
    },
    isRunning: () => running > 0,
  }
}
