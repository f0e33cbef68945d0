import type { DocumentedRefusal, Operation } from './errors.ts'
import type { RefusalGuide } from './refusal-guides.ts'
import { head, row } from './rulebook-page.ts'
import { ruleLink } from './words.ts'

/** The data of the page. */
export interface ErrorsPage {
  readonly refusals: readonly DocumentedRefusal[]
  readonly operations: readonly Pick<Operation, 'name' | 'codes'>[]
  readonly guides: Readonly<Record<string, RefusalGuide>>
}

const inCell = (text: string) => text.replace(/\|/g, '\\|')

/** `docs/errors.md`: every refusal code. */
export const errorsPage = ({ refusals, operations, guides }: ErrorsPage): string => {
  const sections = refusals.map(({ code, meaning, rules, facts }) => {
    const guide = guides[code]
    const from = operations.filter(({ codes }) => codes.includes(code)).map(({ name }) => `\`${name}\``)
    return [
      `### ${code}`,
      meaning,
      [
        `- **Rule:** ${rules.length === 0 ? 'depends on the case; see `rule` of the refusal' : rules.map(ruleLink).join(', ')}`,
        ...(facts.length === 0 ? [] : [`- **Facts:** ${facts.map((fact) => `\`${fact}\``).join(', ')}`]),
        ...(guide === undefined
          ? []
          : [`- **Show the user:** ${guide.show}`, `- **HTTP status:** ${guide.status}`]),
        `- **Returned by:** ${from.length === 0 ? 'pure functions and configuration, no operation of the service' : from.join(', ')}`,
      ].join('\n'),
    ].join('\n\n')
  })
  return `${[
    '# Errors',
    'Every operation returns a `Result`. On failure its error is a *refusal*: an object with a stable `code`, the number of the `rule`, and facts. No operation throws. Configuration mistakes are different: `createAuthentication` and the adapters throw at construction and name the field.',
    'This page is generated from the source by `npm run docs:generate`. The HTTP status and the text are those of `ccass-2fa/messages`, which has the texts in English and Chinese, and makes problem details (RFC 9457) of a refusal.',
    '- **Same refusal, several reasons.** `sign-in-refused`, `code-refused`, `challenge-ended` and `authorisation-refused` do not say why, so that an attacker learns nothing ([LOCK-11](rulebook.md#lock-11)). The [audit trail](trail.md) records the reason.\n- **Try again:** `busy` and `rate-limited` changed nothing and counted nothing. `port-failed` changed nothing, unless the storage failed during the commit: then all of it may have taken effect, or none.\n- **Start over:** `challenge-ended` leads to the sign-in page, `session-ended` to a new sign-in.',
    '## All codes',
    [
      head('Code', 'Rule', 'HTTP status', 'Show the user'),
      ...refusals.map(({ code, rules }) =>
        row(
          `[\`${code}\`](#${code})`,
          rules.map(ruleLink).join(', ') || 'depends',
          `${guides[code]?.status ?? '—'}`,
          inCell(guides[code]?.show ?? '—'),
        ),
      ),
    ].join('\n'),
    '## Each code',
    ...sections,
  ].join('\n\n')}\n`
}
