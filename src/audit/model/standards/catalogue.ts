import { asvs } from './asvs.ts'
import { hkma, hkmaStoredValue, sfc, sfcCirculars } from './hong-kong.ts'
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
      note: 'Written for brokers and their clients. 1.1 and 1.2 were read in the SFC’s own questions and answers; of 1.1 to 1.6 the first sentences in quotations, the rest as others render it, number by number.',
    },
    sfc,
  ],
  [
    {
      id: 'sfc-circulars',
      title: 'SFC, circulars 26EC35 and 20EC58 on the authentication of clients',
      edition: '9 July 2026, to be met by 8 July 2027; 23 September 2020',
      address:
        'https://apps.sfc.hk/edistributionWeb/gateway/EN/circular/intermediaries/supervision/doc?refNo=26EC35',
      read: 'summary',
      note: 'Written for brokers and for providers of virtual assets. Of 26EC35 single sentences were read in quotations, but not its definition of a one-time code; of 20EC58 the beginning, and what a summary says of emailed codes. Have both checked before you rely on them.',
    },
    sfcCirculars,
  ],
  [
    {
      id: 'hkma-tm-e-1',
      title: 'HKMA, Supervisory Policy Manual TM-E-1, Risk Management of E-banking',
      edition: 'V.4, 25 October 2024; its contents read in V.3 of 24 October 2019',
      address: 'https://brdr.hkma.gov.hk/eng/doc-ldg/spm/current/TM-E-1',
      read: 'summary',
      note: 'Written for banks and their customers. No paragraph of section 4 could be read: of copies of V.2 and V.3 only the beginning could be read, and a public collection of requirements quotes headings alone. The requirements below are from summaries of V.4 and of a circular of 14 April 2025: have them checked before you rely on them. The circular “Security Controls related to Internet Banking Services” of 26 May 2016 is left out: V.3 superseded it.',
    },
    hkma,
  ],
  [
    {
      id: 'hkma-svf',
      title: 'HKMA, Guideline on Supervision of Stored Value Facility Licensees, 7.3.5',
      edition: 'September 2016',
      address:
        'https://www.hkma.gov.hk/media/eng/doc/key-functions/financial-infrastructure/Guidelines-on-supervision-of-SVF-licensees_Eng.pdf',
      read: 'summary',
      note: 'Written for those who issue stored value. 7.3.5 was read in a quotation, sentence by sentence; it does not ask for two factors.',
    },
    hkmaStoredValue,
  ],
]
