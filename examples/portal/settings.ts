import { readFileSync } from 'node:fs'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

const portOf = (text: string): number => {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new RangeError(`PORT must be a number from 0 to 65535, got ${JSON.stringify(text)}`)
  return port
}

/** Reads the settings from the environment, and the files of the portal, on runtimes that have `node:fs`. */
export const settingsOf = (env: Readonly<Record<string, string | undefined>>) => ({
  port: portOf(env['PORT'] ?? '3000'),
  file: env['PORTAL_FILE'] ?? ':memory:',
  pages: {
    css: read('style.css'),
    sampleListing: read('../data/user-profile-listing.csv'),
    ...(env['PORTAL_ORIGIN'] === undefined ? {} : { publicOrigin: env['PORTAL_ORIGIN'] }),
  },
})
