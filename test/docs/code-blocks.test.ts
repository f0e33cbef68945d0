/** Every code block of every page is covered: another test or a part of CI runs or type-checks it. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inPackage, readTree } from '../../docs/generate/tree.ts'

const read = (path: string) => readFileSync(inPackage(path), 'utf8')

/** The language and text of each block. */
const blocksOf = (page: string) =>
  [...page.matchAll(/^```(\S*)[^\n]*\n([\s\S]*?)^```/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))

const pages = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((path) => ({
    path,
    text: read(path),
  })),
  ...['docs', 'examples'].flatMap((folder) => readTree(folder, '.md')),
]

/** The pages with code, and the test that compares or runs their blocks. */
const runBy: Readonly<Record<string, string>> = {
  'README.md': 'test/docs/readme.test.ts',
  'docs/getting-started.md': 'test/package/getting-started.ts',
  'docs/transition.md': 'test/docs/readme.test.ts',
  'docs/mail.md': 'test/docs/mail.test.ts',
  'docs/storage.md': 'test/docs/storage-page.test.ts',
  'docs/testing-kit.md': 'test/docs/testing-kit.test.ts',
  'docs/trail.md': 'test/docs/trail.test.ts',
  'docs/conformance.md': 'test/docs/conformance.test.ts',
  'docs/vectors.md': 'test/vectors/vector-files.ts',
  'docs/modules.md': 'test/package/module-formats.ts',
  'docs/personal-data.md': 'test/docs/personal-data.test.ts',
  'docs/recipes.md': 'test/recipes/run.ts',
  'docs/siem.md': 'test/docs/siem.test.ts',
}

/** Languages that are not code: output, and diagrams, which have their own tests. */
const notRun = ['text', 'mermaid']

test('every page with TypeScript, JavaScript or JSON is run by a test that names it', () => {
  const withCode = pages.filter(({ text }) =>
    blocksOf(text).some(({ language }) => ['ts', 'js', 'json', 'tsx'].includes(language)),
  )
  expect(withCode.map(({ path }) => path).sort()).toEqual(Object.keys(runBy).sort())
  for (const [page, by] of Object.entries(runBy)) expect(read(by), by).toContain(page.split('/').at(-1))
})

test('every command of a shell block names a script, a file or an installed program that exists', () => {
  const { scripts, devDependencies, dependencies, peerDependencies } = JSON.parse(read('package.json'))
  const packages = Object.keys({ ...devDependencies, ...dependencies, ...peerDependencies, 'ccass-2fa': '' })
  const builtIn = ['test', 'ci', 'init', 'install', 'add']
  const problems = pages.flatMap(({ path, text }) =>
    blocksOf(text)
      .filter(({ language }) => language === 'sh' || language === '')
      .flatMap(({ text: block }) => block.split('\n'))
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '')
      .flatMap((line) => {
        const [, script] = /\bnpm run (?:--silent )?(\S+)/.exec(line) ?? []
        if (script !== undefined) return script in scripts ? [] : [`${path}: no script ${script}`]
        const [, file] = /\bnpx tsx (\S+)/.exec(line) ?? []
        if (file !== undefined) return existsSync(inPackage(file)) ? [] : [`${path}: no file ${file}`]
        const [, manager, verb = '', rest = ''] = /^(npm|pnpm) (\S+)(.*)$/.exec(line) ?? []
        if (manager !== undefined) {
          const unknown = rest
            .split(' ')
            .filter((word) => word !== '' && !word.startsWith('-') && !packages.includes(word))
          return builtIn.includes(verb) && unknown.length === 0 ? [] : [`${path}: ${line}`]
        }
        return /^(export|mkdir|cd|node|curl|bash) /.test(line) ? [] : [`${path}: ${line}`]
      }),
  )
  expect(problems).toEqual([])
})

test('every block has a language that is run or that has its own test', () => {
  const languages = new Set(pages.flatMap(({ text }) => blocksOf(text).map(({ language }) => language)))
  expect(
    [...languages].filter((language) => ![...notRun, 'ts', 'js', 'json', 'sh', ''].includes(language)),
  ).toEqual([])
  expect(blocksOf('```ts\na\n```\ntext\n```sh\nb\n```\n')).toEqual([
    { language: 'ts', text: 'a\n' },
    { language: 'sh', text: 'b\n' },
  ])
})
