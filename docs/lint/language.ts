/** The language lint: words that the project does not use, and one spelling for each term of the domain. */

/** A word that is not used, and what to write instead. */
export interface WordRule {
  /** Found regardless of case unless the pattern needs it; always with the flag `g`. */
  readonly pattern: RegExp
  readonly instead: string
}

/** One word found in one line. */
export interface LanguageFinding {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly word: string
  readonly instead: string
}

/** A line with this comment, or the line after one that holds nothing else, is not checked. */
export const allowMark = 'lint-language-ignore'

/** Words of no current technical English. They are refused everywhere: prose, names, code. */
export const dialect: readonly WordRule[] = [
  { pattern: /\b(?:nobody|no-one)\b/gi, instead: 'no one, or name the role' },
  { pattern: /\b(?:somebody|anybody|everybody)\b/gi, instead: 'a user, an attacker, anyone, everyone' },
  { pattern: /\b(?:whoever|whomever|whosoever)\b/gi, instead: 'anyone who, the caller who' },
  { pattern: /\b(?:whatever|whatsoever)\b/gi, instead: 'any, everything that, regardless of' },
  { pattern: /\banew\b/gi, instead: 'again' },
  { pattern: /\b(?:thereof|therein|thereby|whence|hitherto|lest)\b/gi, instead: 'a plain clause' },
  { pattern: /\bas (?:it|they) stands?\b/gi, instead: 'unchanged, as is' },
  { pattern: /\bin earnest\b/gi, instead: 'in production' },
  { pattern: /\b(?:it is|they are) to be\b/gi, instead: 'must be' },
  { pattern: /\bthat is none\b/gi, instead: 'invalid, no …' },
  { pattern: /\bturned away\b/gi, instead: 'refused' },
]

/** Terms with one spelling. They are checked in prose: comments, texts with a blank, pages. */
export const terms: readonly WordRule[] = [
  { pattern: /\be-mail(?:s|ed|ing)?\b/gi, instead: 'email' },
  { pattern: /\benroll(?:ment)?s?\b/gi, instead: 'enrol, enrolment' },
  {
    pattern: /\b(?<!On-going )[Ll]og-?ins?\b|\b[Ll]og(?:s|ged|ging)? in(?:to)?\b/g,
    instead: 'sign-in, sign in',
  },
  { pattern: /\bone-time passwords?\b/g, instead: 'one-time code' },
  { pattern: /\bdelegated administrators?\b/g, instead: 'Delegated Administrator' },
  { pattern: /\b(?:authentication|authenticating|OTP|TOTP|phone) apps?\b/g, instead: 'authenticator app' },
  { pattern: /\be-services?\b|\beservices? (?:form|line)s?\b/g, instead: 'eService' },
  { pattern: /\bauthori[sz]ation codes?\b|\bAuthorization Codes?\b/g, instead: 'Authorisation Code' },
  { pattern: /\buser ids?\b|\buser[- ]IDs?\b/g, instead: 'User ID' },
  { pattern: /\bthrottl(?:es?|ing|er)\b/gi, instead: 'rate limit, rate limiter' },
  { pattern: /\bprincipals?\b/gi, instead: 'session' },
  { pattern: /\btime-outs?\b/gi, instead: 'timeout' },
]

/** The prose of one line of TypeScript: its comment, and its texts that hold a blank. */
const proseOf = (line: string): string => {
  const comment = /^\s*(?:\/\*\*?|\*|\/\/)/.test(line) ? line : (/\s\/\/\s.*$/.exec(line)?.[0] ?? '')
  if (comment === line) return line
  const texts = line.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`?/g) ?? []
  const sentences = texts.filter((text) => text.includes(' ')).map((text) => text.replace(/\$\{[^}]*\}/g, ''))
  return [...sentences, comment].join('\n')
}

/** Prose of a page: code blocks are left out, as are texts between backticks. */
const withoutCode = (line: string): string => line.replace(/`[^`]*`/g, '')

/** A quick look at a line: only the few that may contain a word are read with care. */
const anyOf = (rules: readonly WordRule[]): RegExp =>
  new RegExp(rules.map(({ pattern }) => pattern.source).join('|'), 'i')

const suspicious = anyOf([...dialect, ...terms])

/** Every word in a text that the lint refuses, in the order of the lines. */
export const lintLanguage = ({
  path,
  text,
}: {
  readonly path: string
  readonly text: string
}): readonly LanguageFinding[] => {
  if (!suspicious.test(text)) return []
  const isPage = path.endsWith('.md')
  let inFence = false
  let allowed = false
  return text.split('\n').flatMap((line, index) => {
    const skip = allowed || line.includes(allowMark)
    allowed = line.includes(allowMark) && !/[\p{L}\p{N}]/u.test(line.replace(allowMark, ''))
    if (isPage && line.startsWith('```')) inFence = !inFence
    if (skip || !suspicious.test(line)) return []
    const prose = isPage ? (inFence ? '' : withoutCode(line)) : proseOf(line)
    return [
      ...dialect.map((rule) => ({ rule, where: line })),
      ...terms.map((rule) => ({ rule, where: prose })),
    ].flatMap(({ rule: { pattern, instead }, where }) =>
      [...where.matchAll(pattern)].map(([word]) => ({ path, line: index + 1, word, instead })),
    )
  })
}
