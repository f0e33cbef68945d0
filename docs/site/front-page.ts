/** The page where an audit starts. */
import { families, familyOf, head, row } from '../generate/rulebook-page.ts'
import { ruleAddress, siteAddress } from './addresses.ts'
import type { Evidence } from './evidence.ts'

const total = (evidence: readonly Evidence[], count: (each: Evidence) => number) =>
  evidence.reduce((sum, each) => sum + count(each), 0).toLocaleString('en-US')

/** The page, with links relative to `docs/`. */
export const frontPage = (evidence: readonly Evidence[], commit: string): string => {
  const kind = (wanted: Evidence['rule']['kind']) =>
    evidence.filter(({ rule }) => rule.kind === wanted).length
  return `${[
    '# Start an audit',
    'This site is the reference of `ccass-2fa`, two-factor authentication for terminal access to CCASS and CCMS. It leads from each rule to the code that carries it, the tests that prove it, and the faults that were planted to see them found, and back. It needs no network, and can be kept as a folder of files.',
    `Made of ${commit}. Every figure and every line number is its own, but for [mutants](mutation.md), which name the commit at which they were measured. Results of runs are not on this site: the bundle of evidence, which \`npm run evidence\` writes, has them. The sentences of the briefing are not reproduced; each rule names the slide or the page.`,
    '## From a rule to its proof',
    [
      `1. **Search** for a rule number such as [LOCK-04](${ruleAddress('LOCK-04')}), a refusal code such as [\`code-refused\`](${siteAddress('errors/code-refused')}), or an event such as [\`SignInCompleted\`](${siteAddress('events/SignInCompleted')}): press <kbd>/</kbd>, or choose a family below.`,
      '2. **Read the rule**: its statement, whether the briefing states it (S), another public document does (P), or it is our interpretation (I), and its source.',
      '3. **Follow its code and its tests** to the line. In the source, each rule number leads back to its rule.',
      '4. **See how a wrong implementation is noticed**: vectors, invariants of the [model](model.md), faults planted in it, in the [simulator](simulation.md) and as [mutants](mutation.md), and wrong systems that the [conformance kit](conformance.md) finds.',
    ].join('\n'),
    '## What there is',
    [
      head('', 'Count'),
      row('[Rules](rulebook.md)', `${evidence.length}`),
      row('stated in the briefing (S)', `${kind('stated')}`),
      row('stated in another public document (P)', `${kind('public')}`),
      row('our interpretation (I)', `${kind('interpretation')}`),
      row(
        'Places in the code, by [rule](traceability.md)',
        total(evidence, ({ code }) => code.length),
      ),
      row(
        'Pairs of a rule and a test that names it, by [rule](traceability.md)',
        total(evidence, ({ tests }) => tests.length),
      ),
      row(
        '[Vectors](vectors.md)',
        total(evidence, ({ vectors }) => vectors.reduce((sum, { cases }) => sum + cases.length, 0)),
      ),
      row(
        'Invariants of the [model](model.md)',
        total(evidence, ({ invariants }) => invariants.length),
      ),
      row(
        'Planted faults that the model finds',
        total(evidence, ({ plantedFaults }) => plantedFaults.length),
      ),
      row(
        'Pairs of a rule and a [wrong system](conformance-findings.md) that breaks it, all found by the kit',
        total(evidence, ({ wrongSystems }) => wrongSystems.length),
      ),
    ].join('\n'),
    '## The rules, by family',
    families
      .map(([prefix, title]) => {
        const own = evidence.filter(({ rule }) => familyOf(rule.id) === prefix)
        return `- [${title}](${siteAddress(`rules/${prefix}`)}) (${prefix}, ${own.length}): ${own
          .map(({ rule }) => `[${rule.id.split('-')[1]}](${ruleAddress(rule.id)} "${rule.id}")`)
          .join(' ')}`
      })
      .join('\n'),
    '## Other ways in',
    [
      '- [Standards](standards.md): what NIST, OWASP, PCI, the RFCs, the SFC and the HKMA require, and where a rule conflicts',
      '- [State machines](machines.md): every transition, as pictures and tables',
      '- [Security](../SECURITY.md): what the library trusts, guarantees, and does not guarantee',
      '- [Verifying the audit trail](trail.md) · [Stored formats](formats.md) · [Personal data](personal-data.md) · [Security events](siem.md)',
      `- [Events](events.md) · [Errors](errors.md) · [Glossary](glossary.md)`,
      '- [Decisions](decisions/README.md): why each weighty interpretation was chosen',
      `- Sources: ${['src', 'test', 'docs', 'examples', 'vectors'].map((folder) => `[${folder}](${siteAddress(`source/${folder}/index`)})`).join(' · ')}; \`docs\` has the programs that make this site`,
      `- [Everything on one page, to print](${siteAddress('print')})`,
    ].join('\n'),
  ].join('\n\n')}\n`
}
