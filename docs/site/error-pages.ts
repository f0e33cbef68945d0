/** A page for each refusal code, taken from the sections of docs/errors.md. */

/** One refusal code: its page, and the rules that its section links to. */
export interface ErrorPage {
  readonly code: string
  readonly rules: readonly string[]
  readonly text: string
}

/** The pages of all codes, in the order of docs/errors.md. */
export const errorPages = (errors: string): readonly ErrorPage[] =>
  (errors.split(/^## Each code$/m)[1] ?? '')
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [code = '', ...rest] = section.split('\n')
      const ruleLine = rest.find((line) => line.startsWith('- **Rule:**')) ?? ''
      return {
        code,
        rules: ruleLine.match(/(?<=\[)[A-Z]+-\d\d(?=\])/g) ?? [],
        text: `# ${code}\n\nA refusal of the library: \`code: '${code}'\`. [Errors](errors.md) lists all of them.\n${rest.join('\n').trimEnd()}\n`,
      }
    })
