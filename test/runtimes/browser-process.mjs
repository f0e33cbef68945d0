/** `process`, of which the npm packages `assert` and `util` read a little. */
export const process = { env: {}, emitWarning: () => {}, nextTick: queueMicrotask, noDeprecation: true }
