/**
 * One process of the service. See README.md for its settings.
 *
 *     npm run example:service
 *
 * @module
 */

import { endWithNpm } from '../support/end-with-npm.ts'
import { tryIt } from './development/try-it.ts'
import { newApp, registerRoutes } from './server/app.ts'
import { addHealth } from './server/health.ts'
import { type Host, openHost } from './server/host.ts'
import { readSettings, type Settings, SettingsError } from './server/settings.ts'

/** Reads the settings, or prints what is wrong with them and exits. */
const settingsOrEnd = (): Settings => {
  try {
    return readSettings(process.env, process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : error)
    process.exit(2)
  }
}

const settings = settingsOrEnd()
const app = newApp(settings)
let host: Host | undefined
let stopping = false

/**
 * Stops in an orderly way: reports not ready, answers requests in progress, sends waiting notices, and closes
 * everything. It takes at most `stopSeconds`. Everything that was answered is already stored.
 */
const stop = async (reason: string) => {
  if (stopping) return
  stopping = true
  app.log.info({ reason }, 'stopping')
  setTimeout(() => {
    app.log.error('shutdown timed out')
    process.exit(1)
  }, settings.stopSeconds * 1_000).unref()
  await app.close()
  await host?.close()
  app.log.info('stopped')
  process.exitCode = 0
  if (process.connected) process.disconnect()
}

const stopOn = (reason: string) =>
  stop(reason).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stopOn(signal))
endWithNpm(() => void stopOn('npm ended'))
// If another of our programs started this process, it ends with that program.
process.once('disconnect', () => void stopOn('disconnect'))

host = await openHost(settings, app.log)
registerRoutes(app, host, settings)
addHealth(app, host, () => stopping)
const address = await app.listen({ port: settings.port, host: settings.address })
process.send?.({ address })
if (settings.insecureDevelopment && process.send === undefined)
  console.error(tryIt(address, settings.internalToken))
