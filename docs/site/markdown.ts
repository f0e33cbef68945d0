/** Changes the text of a Markdown page without changing its code. */

const code = '^```[\\s\\S]*?^```|``[^`]*``|`[^`\\n]*`'
const link = '\\]\\((?<target>[^)\\s]+)\\)'

/** Replaces each target of a link or picture. */
export const withTargets = (text: string, replace: (target: string) => string): string =>
  text.replace(new RegExp(`${code}|${link}`, 'gm'), (whole, target?: string) =>
    target === undefined ? whole : `](${replace(target)})`,
  )

const rule = '\\b(?:ID|PW|OTP|LOCK|ACC|MNT|DMS|ESV|QTA|MIG|AUD|PRI|OBS|FLD|API)-\\d\\d\\b'
/** The parts whose words stay: code, headings, links and HTML, with everything in them. */
const kept = `${code}|^#.*$|\\[(?:[^\\]\\\\]|\\\\.)*\\]\\([^)]*\\)|<svg[\\s\\S]*?</svg>|<a [\\s\\S]*?</a>|<[^>]+>`

/** Links each rule number in plain text. */
export const withRuleLinks = (text: string, addressOf: (rule: string) => string | undefined): string =>
  text.replace(new RegExp(`${kept}|(?<rule>${rule})`, 'gm'), (whole, ...rest) => {
    const groups = rest.at(-1) as { readonly rule?: string }
    const address = groups.rule === undefined ? undefined : addressOf(groups.rule)
    return address === undefined ? whole : `[${whole}](${address})`
  })

/** Escapes text for HTML. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** Escapes the special characters of Markdown, for text in a cell or a list. */
export const plain = (text: string): string => text.replace(/[\\`*_<>[\]|]/g, '\\$&').replace(/\s+/g, ' ')
