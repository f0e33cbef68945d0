/** The language lint: it finds the words that it lists, at their place, and nothing else. */
import { describe, expect, test } from 'vitest'
import { lintedFiles } from '../../docs/lint/files.ts'
import { allowMark, dialect, lintLanguage, terms } from '../../docs/lint/language.ts'

const wordsIn = (path: string, text: string) =>
  lintLanguage({ path, text }).map(({ line, word }) => `${line} ${word}`)

test('no file contains a word that the project does not use', () => {
  const files = lintedFiles()
  expect(files.length).toBeGreaterThan(500)
  const before = process.cpuUsage()
  const findings = files.flatMap((file) => lintLanguage(file))
  expect(findings.map(({ path, line, word, instead }) => `${path}:${line}: ${word} → ${instead}`)).toEqual([])
  const { user } = process.cpuUsage(before) // microseconds of this process, so that a busy machine does not count
  expect(user / 1_000).toBeLessThan(1_000)
})

test('an unused word inserted in any of the files is found', () => {
  for (const file of lintedFiles().filter((_, i) => i % 40 === 0)) {
    const planted = { ...file, text: `// whoever asks\n${file.text}` }
    expect(lintLanguage(planted), file.path).toMatchObject([{ line: 1, word: 'whoever' }])
  }
})

describe('the word list', () => {
  test.each([
    ['src/a.ts', '/** Nobody asks. */', '1 Nobody'],
    ['src/a.ts', 'const a = 1\nconst whatever = 2', '2 whatever'],
    ['src/a.ts', "test('PW-01 · after the login', () => {})", '1 login'],
    ['src/a.ts', 'const a = `the login of an e-mail`', '1 login,1 e-mail'],
    ['src/a.ts', 'const a = 1 // as it stands', '1 as it stands'],
    ['docs/a.md', 'They log in with one-time passwords.', '1 log in,1 one-time passwords'],
    ['docs/a.md', 'The delegated administrator enrolls.', '1 delegated administrator,1 enrolls'],
    [
      'docs/a.md',
      'An OTP app, a user ID, an authorisation code.',
      '1 OTP app,1 user ID,1 authorisation code',
    ],
    ['docs/a.md', '```ts\n// somebody\n```', '2 somebody'],
  ])('refuses %s: %s', (path, text, found) => {
    expect(wordsIn(path, text).sort().join()).toBe(found.split(',').sort().join())
  })

  test.each([
    ['src/a.ts', 'const login = await begin(login.of)'],
    ['src/a.ts', "const step = 'login'"],
    ['src/a.ts', '// Pressing LOG IN records consent.'],
    ['docs/a.md', '`login` is a field; the slide is titled On-going login.'],
    ['docs/a.md', '```ts\nawait connection.login({ userId })\n```'],
    ['docs/a.md', 'A Delegated Administrator enrols an authenticator app with a one-time code.'],
  ])('leaves %s: %s', (path, text) => {
    expect(wordsIn(path, text)).toEqual([])
  })

  test('a line is allowed by a mark at its end or on the line before', () => {
    expect(
      wordsIn('src/a.ts', `const a = 'the login' // ${allowMark}: as the form says\nconst b = 'the login'`),
    ).toEqual(['2 login'])
    expect(wordsIn('docs/a.md', `<!-- ${allowMark} -->\nanew\nanew`)).toEqual(['3 anew'])
  })

  test('every word rule finds all of its words and names a replacement', () => {
    for (const { pattern, instead } of [...dialect, ...terms]) {
      expect(pattern.flags).toContain('g')
      expect(instead).not.toBe('')
    }
  })
})
