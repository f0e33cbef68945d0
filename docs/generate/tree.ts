import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A file as text. Its path is relative to the package, with forward slashes. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

/** The path of a package file on this machine. */
export const inPackage = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The files in a folder with this name ending, sorted by path. Installed packages are left out. */
export const readTree = (folder: string, ending: string): readonly SourceText[] =>
  readdirSync(inPackage(folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith(ending) && !path.includes('/node_modules/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(inPackage(path), 'utf8') }))
