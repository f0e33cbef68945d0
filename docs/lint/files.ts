import { readFileSync } from 'node:fs'
import { inPackage, readTree, type SourceText } from '../generate/tree.ts'

/** The lint's own words, and what is data or not ours. */
const leftOut = /^docs\/lint\/|^test\/docs\/language\.test\.ts$|\/dist\//

/** Everything that is read by people: sources, tests, examples and pages. */
export const lintedFiles = (): readonly SourceText[] =>
  [
    ...['src', 'test', 'examples', 'docs'].flatMap((folder) => readTree(folder, '.ts')),
    ...['examples', 'docs'].flatMap((folder) => readTree(folder, '.md')),
    ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((path) => ({
      path,
      text: readFileSync(inPackage(path), 'utf8'),
    })),
  ].filter(({ path }) => !leftOut.test(path))
