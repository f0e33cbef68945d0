import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { asciiLowerCase } from '../../../kernel/ascii-case.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Policy } from '../../../policy/policy.ts'
import { type StandardFinding, standardsReport } from './report.ts'
import type { StandardsScope } from './requirement.ts'

/** The version of OSCAL that the document follows. */
const oscalVersion = '1.2.1'
/** The namespace of our properties. It is only a name; there is no page under it. */
const namespace = 'https://ccass-2fa.invalid/ns/oscal'

/** A version 5 UUID (RFC 9562) of a name, so that the same document has the same identifiers. */
const uuid = (name: string): string => {
  const hash = sha1(utf8ToBytes(`${namespace}#${name}`))
  const hex = bytesToHex(hash).slice(0, 32)
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** OSCAL's status for each verdict. */
const statusOf = {
  met: 'implemented',
  conflict: 'not-implemented',
  host: 'customer-responsibility',
  'not-applicable': 'not-applicable',
} as const

/** A control's identifier in the form that OSCAL allows: no blanks, letters first. */
const controlId = ({ standard, number }: StandardFinding) =>
  `${standard}_${asciiLowerCase(number)
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/-$/, '')}`

const property = (name: string, value: string) => ({ name, ns: namespace, value })

/**
 * A property of an OSCAL document.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export interface OscalProperty {
  readonly name: string
  readonly ns: string
  readonly value: string
}

/**
 * The part of OSCAL's component definition (NIST) that {@link oscalComponentDefinition} writes.
 *
 * @rule AUD-04
 * @category Audit trail
 */
export interface OscalComponentDefinition {
  readonly 'component-definition': {
    readonly uuid: string
    readonly metadata: {
      readonly title: string
      readonly 'last-modified': string
      readonly version: string
      readonly 'oscal-version': string
    }
    readonly components: readonly {
      readonly uuid: string
      readonly type: 'software'
      readonly title: string
      readonly description: string
      readonly 'control-implementations': readonly {
        readonly uuid: string
        readonly source: string
        readonly description: string
        readonly 'implemented-requirements': readonly {
          readonly uuid: string
          readonly 'control-id': string
          readonly description: string
          readonly props: readonly OscalProperty[]
          readonly remarks: string
        }[]
      }[]
    }[]
  }
}

/**
 * Writes the comparison of {@link standardsReport} as an OSCAL component definition, valid against NIST's
 * JSON schema 1.2.1. Identifiers are derived from the contents, so that the same input gives the same
 * document.
 *
 * @param options - `lastModified`: the date of the document; `version`: of the library or of the host's
 * system.
 * @rule AUD-04
 * @category Audit trail
 */
export const oscalComponentDefinition = (
  policy: Policy,
  options: StandardsScope & { readonly lastModified: Instant; readonly version: string },
): OscalComponentDefinition => {
  const { standards, findings } = standardsReport(policy, options)
  return {
    'component-definition': {
      uuid: uuid(`definition ${options.version} ${options.lastModified}`),
      metadata: {
        title: 'Two-factor authentication for terminals of CCASS and CCMS',
        'last-modified': new Date(options.lastModified).toISOString(),
        version: options.version,
        'oscal-version': oscalVersion,
      },
      components: [
        {
          uuid: uuid('component'),
          type: 'software',
          title: 'ccass-2fa',
          description: 'The library, under the policy that was compared.',
          'control-implementations': standards.map(({ id, title, edition, address, note }) => ({
            uuid: uuid(`standard ${id}`),
            source: address,
            description: `${title}. ${edition}. ${note}`,
            'implemented-requirements': findings
              .filter(({ standard }) => standard === id)
              .map((finding) => ({
                uuid: uuid(`requirement ${controlId(finding)}`),
                'control-id': controlId(finding),
                description: finding.requirement,
                props: [
                  property('implementation-status', statusOf[finding.verdict]),
                  property('verdict', finding.verdict),
                  ...finding.rules.map((rule) => property('rule', rule)),
                ],
                remarks: finding.why,
              })),
          })),
        },
      ],
    },
  }
}
