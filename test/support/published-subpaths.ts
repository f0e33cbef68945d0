/** The published subpaths as aliases, as TypeScript resolves them: tests import the package by its names. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** tsconfig.json may hold comments. */
const { paths } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(at('tsconfig.json'), 'utf8'))
  .config.compilerOptions as { paths: Readonly<Record<string, readonly string[]>> }

export const publishedSubpaths = Object.entries(paths).map(([name, [path = '']]) => ({
  find: new RegExp(`^${name}$`),
  replacement: at(path),
}))
