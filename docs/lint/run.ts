/** `npm run lint:language`: prints each word that the project does not use, and fails if there is one. */
import { lintedFiles } from './files.ts'
import { lintLanguage } from './language.ts'

const files = lintedFiles()
const findings = files.flatMap((file) => lintLanguage(file))
for (const { path, line, word, instead } of findings)
  console.error(`${path}:${line}: “${word}”; write: ${instead}`)
if (findings.length > 0) {
  console.error(`${findings.length} words. A line that needs one ends with a lint-language-ignore comment.`)
  process.exitCode = 1
} else console.log(`language: ${files.length} files`)
