/**
 * Ends a program that `npm run` started when npm ends. On SIGTERM, npm ends its shell but not what the shell runs.
 * The script must run this process directly (`node --import tsx`), so that its parent is that shell.
 */
export const endWithNpm = (end: () => void): void => {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    end()
  }, 500)
  watch.unref()
}
