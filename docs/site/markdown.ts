/** Changes to the text of a Markdown page that leave its code alone. */

const code = '^```[\\s\\S]*?^```|``[^`]*``|`[^`\\n]*`'
const link = '\\]\\((?<target>[^)\\s]+)\\)'

/** The page with each target of a link or picture replaced. */
export const withTargets = (text: string, replace: (target: string) => string): string =>
  text.replace(new RegExp(`${code}|${link}`, 'gm'), (whole, target?: string) =>
    target === undefined ? whole : `](${replace(target)})`,
  )

const rule = '\\b(?:ID|PW|OTP|LOCK|ACC|MNT|DMS|ESV|QTA|MIG|AUD|PRI|OBS|FLD|API)-\\d\\d\\b'
/** What keeps its words: code, headings, links and HTML with all that they contain. */
const kept = `${code}|^#.*$|\\[(?:[^\\]\\\\]|\\\\.)*\\]\\([^)]*\\)|<svg[\\s\\S]*?</svg>|<a [\\s\\S]*?</a>|<[^>]+>`

/** The page with each rule number, where it stands in plain words, as a link. */
export const withRuleLinks = (text: string, addressOf: (rule: string) => string | undefined): string =>
  text.replace(new RegExp(`${kept}|(?<rule>${rule})`, 'gm'), (whole, ...rest) => {
    const groups = rest.at(-1) as { readonly rule?: string }
    const address = groups.rule === undefined ? undefined : addressOf(groups.rule)
    return address === undefined ? whole : `[${whole}](${address})`
  })

/** Text as HTML shows it. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** Text in a cell or a list, with the signs of Markdown escaped. */
export const plain = (text: string): string => text.replace(/[\\`*_<>[\]|]/g, '\\$&').replace(/\s+/g, ' ')
