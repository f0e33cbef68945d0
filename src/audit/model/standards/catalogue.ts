import { asvs } from './asvs.ts'
import { hkma, sfc } from './hong-kong.ts'
import { nist } from './nist.ts'
import { pci } from './pci.ts'
import type { Requirement, Standard } from './requirement.ts'
import { rfc4226, rfc6238 } from './rfcs.ts'

/**
 * All standards with their requirements.
 *
 * @rule AUD-04
 */
export const catalogue: readonly (readonly [Standard, readonly Requirement[]])[] = [
  [
    {
      id: 'nist-800-63b-4',
      title: 'NIST SP 800-63B-4, Digital Identity Guidelines: Authentication and Authenticator Management',
      edition: 'Revision 4, final, July 2025',
      address: 'https://pages.nist.gov/800-63-4/sp800-63b.html',
      read: 'text',
      note: 'Sections 2.2.3, 3.1.1.2, 3.1.3, 3.1.4, 3.2.2, 4.2 to 4.6 and 5 of the final text were read, in a copy of it; 2.2.2 in a quotation. Requirements on biometrics, cryptographic authenticators, identity proofing and federation are left out: there are none here.',
    },
    nist,
  ],
  [
    {
      id: 'asvs-5',
      title: 'OWASP Application Security Verification Standard, chapter V6 Authentication',
      edition: '5.0.0, May 2025',
      address: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md',
      read: 'text',
      note: 'Requirements about biometrics, lookup secrets and identity providers are left out: there are none here.',
    },
    asvs,
  ],
  [
    {
      id: 'rfc-4226',
      title: 'RFC 4226, HOTP: An HMAC-Based One-Time Password Algorithm',
      edition: 'December 2005',
      address: 'https://www.rfc-editor.org/rfc/rfc4226',
      read: 'summary',
      note: 'Applies through RFC 6238. Sections 4 and 7 were read in quotations, sentence by sentence. `test/vectors` runs its test values.',
    },
    rfc4226,
  ],
  [
    {
      id: 'rfc-6238',
      title: 'RFC 6238, TOTP: Time-Based One-Time Password Algorithm',
      edition: 'May 2011',
      address: 'https://www.rfc-editor.org/rfc/rfc6238',
      read: 'summary',
      note: 'Sections 3, 5.1, 5.2 and 6 were read in quotations, sentence by sentence. `test/vectors` runs its test values.',
    },
    rfc6238,
  ],
  [
    {
      id: 'pci-dss-4.0.1',
      title: 'PCI DSS, requirement 8.3',
      edition: '4.0.1, June 2024',
      address: 'https://www.pcisecuritystandards.org/document_library/',
      read: 'summary',
      note: 'Written for systems that handle cards: a comparison, not a duty. The text is behind a licence; 8.3.1 to 8.3.11 were read as others quote them. 8.3.10 is left out: it is for service providers whose customers have a password alone.',
    },
    pci,
  ],
  [
    {
      id: 'sfc-hacking',
      title: 'SFC, Guidelines for Reducing and Mitigating Hacking Risks Associated with Internet Trading',
      edition: '27 October 2017',
      address: 'https://www.sfc.hk/en/faqs/intermediaries/supervision/Cybersecurity/Cybersecurity',
      read: 'summary',
      note: 'Written for brokers and their clients. 1.1 and 1.2 were read in the SFC’s own questions and answers, 1.1 to 1.6 as others render them, number by number.',
    },
    sfc,
  ],
  [
    {
      id: 'hkma-tm-e-1',
      title: 'HKMA, Supervisory Policy Manual TM-E-1, Risk Management of E-banking',
      edition: '25 October 2024; read in part in V.3 of 24 October 2019',
      address:
        'https://www.hkma.gov.hk/eng/regulatory-resources/regulatory-guides/supervisory-policy-manual/',
      read: 'summary',
      note: 'Written for banks and their customers. Only the contents of V.3 and summaries of V.4 (2024) could be read, no text: have it checked before you rely on it. A circular of 14 April 2025 goes further: sign-in and high-risk transactions of retail customers are confirmed on a bound device.',
    },
    hkma,
  ],
]
