/**
 * A folder of evidence: its files, and a manifest with the digest of each, so that changed files can be
 * named.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One file of a bundle, and what produced its figures. */
export interface Exhibit {
  readonly path: string
  readonly text: string
  /** A description of the file. */
  readonly about: string
  /**
   * The commit that produced it. Commits other than the bundle's are named, because their figures apply to
   * that commit. Absent if the figures do not name their commit.
   */
  readonly commit?: string | undefined
}

/** The manifest's entry for a file. */
export interface ManifestEntry {
  readonly path: string
  readonly sha256: string
  readonly about: string
  readonly producedBy: string
}

/** The manifest of a bundle. */
export interface BundleManifest {
  readonly format: 'ccass-2fa/evidence/1'
  readonly commit: string
  /** Whether the working tree differed from the commit. */
  readonly changed: boolean
  readonly at: string
  readonly versions: Readonly<Record<string, string>>
  /** Omitted files, with the reason. */
  readonly missing: Readonly<Record<string, string>>
  readonly files: readonly ManifestEntry[]
}

const manifestName = 'manifest.json'
/** The digest of the manifest, to keep elsewhere or to sign. */
const digestName = 'manifest.sha256'

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

const producedBy = (exhibit: Exhibit, commit: string, changed: boolean): string =>
  exhibit.commit === commit
    ? changed
      ? 'this commit, with changes that are not committed'
      : 'this commit'
    : exhibit.commit === undefined
      ? 'not by this run: committed with the sources; its figures do not name their commit'
      : `another commit: ${exhibit.commit}`

/** Writes a bundle into a new or empty folder. */
export const writeBundle = (
  folder: string,
  exhibits: readonly Exhibit[],
  about: Pick<BundleManifest, 'commit' | 'changed' | 'at' | 'versions' | 'missing'>,
): BundleManifest => {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`)
  for (const { path, text } of exhibits) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const manifest: BundleManifest = {
    format: 'ccass-2fa/evidence/1',
    ...about,
    files: exhibits.map((exhibit) => ({
      path: exhibit.path,
      sha256: sha256(exhibit.text),
      about: exhibit.about,
      producedBy: producedBy(exhibit, about.commit, about.changed),
    })),
  }
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  writeFileSync(join(folder, manifestName), text)
  writeFileSync(join(folder, digestName), `${sha256(text)}  ${manifestName}\n`)
  return manifest
}

/** The differences between a bundle and its manifest; empty if there are none. */
export const bundleProblems = (folder: string): readonly string[] => {
  const at = (path: string) => join(folder, path)
  for (const name of [manifestName, digestName]) if (!existsSync(at(name))) return [`${name}: missing`]
  const text = readFileSync(at(manifestName), 'utf8')
  if (readFileSync(at(digestName), 'utf8') !== `${sha256(text)}  ${manifestName}\n`)
    return [`${manifestName}: does not fit ${digestName}`]
  const { files } = JSON.parse(text) as BundleManifest
  const listed = new Set([manifestName, digestName, ...files.map(({ path }) => path)])
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
  return [
    ...files.flatMap(({ path, sha256: expected }) => {
      if (!found.includes(path)) return [`${path}: missing`]
      return sha256(readFileSync(at(path))) === expected ? [] : [`${path}: changed`]
    }),
    ...found.filter((path) => !listed.has(path)).map((path) => `${path}: not in the manifest`),
  ].sort()
}
