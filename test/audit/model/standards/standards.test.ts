import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { defaultPolicy, definePolicy } from 'ccass-2fa'
import {
  oscalComponentDefinition,
  type Standard,
  type StandardVerdict,
  standardsPage,
  standardsReport,
} from 'ccass-2fa/audit'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../../src/audit/model/standards/catalogue.ts'
import { ruleOfField } from '../../../../src/policy/overrides.ts'
import type { Policy } from '../../../../src/policy/policy.ts'
import { rulebook } from '../../../../src/policy/rulebook.ts'

/** The default policy with other numbers, including ones that `definePolicy` would refuse. */
const changed = <K extends keyof Policy>(group: K, fields: Partial<Policy[K]>): Policy => ({
  ...defaultPolicy,
  [group]: { ...(defaultPolicy[group] as object), ...fields },
})

/** The verdict on one requirement; its reason is a sentence. */
const verdict = (
  policy: Policy,
  standard: Standard['id'],
  number: string,
  channels?: readonly ('MobileApp' | 'Email')[],
) => {
  const found = standardsReport(policy, { channels }).findings.find(
    (finding) => finding.standard === standard && finding.number === number,
  )
  if (found === undefined) throw new Error(`${standard} has no ${number}`)
  expect(found.why).toMatch(/^\S.*\.$/)
  return found.verdict
}

type Case = readonly [Standard['id'], string, Policy, StandardVerdict]
const limit = (fields: Partial<Policy['lockout']>) => changed('lockout', fields)
const password = (fields: Partial<Policy['password']>) => changed('password', fields)
const code = (fields: Partial<Policy['emailCode']>) => changed('emailCode', fields)
const totp = (fields: Partial<Policy['totp']>) => changed('totp', fields)
const session = (fields: Partial<Policy['session']>) => changed('session', fields)
const setUp = (fields: Partial<Policy['enrolment']>) => changed('enrolment', fields)
const mails = (credentialChanges: boolean) => changed('notices', { credentialChanges })

const cases: readonly Case[] = [
  ['nist-800-63b-4', '3.1.1.2 (length)', password({ minimumLength: 8 }), 'met'],
  ['nist-800-63b-4', '3.1.1.2 (length)', password({ minimumLength: 7 }), 'conflict'],
  ['nist-800-63b-4', '3.1.1.2 (maximum)', password({ maximumLength: 64 }), 'met'],
  ['nist-800-63b-4', '3.1.1.2 (maximum)', password({ maximumLength: 63 }), 'conflict'],
  ['nist-800-63b-4', '3.1.1.2 (composition)', defaultPolicy, 'conflict'],
  ['nist-800-63b-4', '3.1.1.2 (expiry)', defaultPolicy, 'conflict'],
  ['nist-800-63b-4', '3.1.1.2 (blocklist)', password({ blocklist: true }), 'met'],
  ['nist-800-63b-4', '3.1.1.2 (blocklist)', defaultPolicy, 'conflict'],
  ['nist-800-63b-4', '3.1.3.2 (lifetime)', code({ validSeconds: 600 }), 'met'],
  ['nist-800-63b-4', '3.1.3.2 (lifetime)', code({ validSeconds: 601 }), 'conflict'],
  ['nist-800-63b-4', '3.1.3.2 (digits)', code({ digits: 5 }), 'conflict'],
  ['nist-800-63b-4', '3.1.3.2 (digits)', setUp({ codeDigits: 5 }), 'conflict'],
  ['nist-800-63b-4', '3.1.3.2 (digits)', defaultPolicy, 'met'],
  ['nist-800-63b-4', '3.1.4.1', totp({ periodSeconds: 120 }), 'met'],
  ['nist-800-63b-4', '3.1.4.1', totp({ periodSeconds: 121 }), 'conflict'],
  ['nist-800-63b-4', '4.2.1.2', setUp({ codeDigits: 6 }), 'met'],
  ['nist-800-63b-4', '4.2.1.2', setUp({ codeDigits: 5 }), 'conflict'],
  ['nist-800-63b-4', '4.2.1.2', code({ validSeconds: 86_400 }), 'met'],
  ['nist-800-63b-4', '4.2.1.2', code({ validSeconds: 86_401 }), 'conflict'],
  ['nist-800-63b-4', '3.1.4.2', totp({ periodSeconds: 60, windowSteps: 2 }), 'met'],
  ['nist-800-63b-4', '3.1.4.2', totp({ periodSeconds: 61, windowSteps: 2 }), 'conflict'],
  ['nist-800-63b-4', '3.2.2', limit({ failedSignIns: 25, otpFailuresPerFailedSignIn: 4 }), 'met'],
  ['nist-800-63b-4', '3.2.2', limit({ failedSignIns: 101, otpFailuresPerFailedSignIn: 1 }), 'conflict'],
  ['nist-800-63b-4', '2.2.3', defaultPolicy, 'conflict'],
  ['nist-800-63b-4', '2.2.3', session({ idleSeconds: 3_600, validSeconds: 86_400 }), 'met'],
  ['nist-800-63b-4', '2.2.3', session({ idleSeconds: 3_601 }), 'conflict'],
  ['nist-800-63b-4', '2.2.3', session({ idleSeconds: 60, validSeconds: 86_401 }), 'conflict'],
  ['nist-800-63b-4', '4.6', mails(true), 'met'],
  ['nist-800-63b-4', '4.6', mails(false), 'conflict'],
  ['asvs-5', '6.2.1', password({ minimumLength: 8 }), 'met'],
  ['asvs-5', '6.2.1', password({ minimumLength: 7 }), 'conflict'],
  ['asvs-5', '6.2.4', password({ blocklist: true }), 'met'],
  ['asvs-5', '6.2.4', defaultPolicy, 'conflict'],
  ['asvs-5', '6.2.9', password({ maximumLength: 64 }), 'met'],
  ['asvs-5', '6.2.9', password({ maximumLength: 63 }), 'conflict'],
  ['asvs-5', '6.2.12', password({ blocklist: true }), 'host'],
  ['asvs-5', '6.2.12', defaultPolicy, 'conflict'],
  ['asvs-5', '6.3.7', mails(true), 'met'],
  ['asvs-5', '6.3.7', mails(false), 'conflict'],
  ['asvs-5', '6.4.4', defaultPolicy, 'host'],
  ['asvs-5', '6.4.4', changed('deviceChange', { verifiedBy: 'password' }), 'conflict'],
  ['asvs-5', '6.5.4', code({ digits: 5 }), 'conflict'],
  ['asvs-5', '6.5.4', setUp({ codeDigits: 6 }), 'met'],
  ['asvs-5', '6.5.5', defaultPolicy, 'conflict'],
  ['asvs-5', '6.5.5', totp({ windowSteps: 0 }), 'met'],
  ['asvs-5', '6.5.5', totp({ windowSteps: 0, periodSeconds: 31 }), 'conflict'],
  [
    'asvs-5',
    '6.5.5',
    { ...totp({ windowSteps: 0 }), emailCode: { ...defaultPolicy.emailCode, validSeconds: 600 } },
    'met',
  ],
  [
    'asvs-5',
    '6.5.5',
    { ...totp({ windowSteps: 0 }), emailCode: { ...defaultPolicy.emailCode, validSeconds: 601 } },
    'conflict',
  ],
  ['asvs-5', '6.6.3', limit({ otpFailuresPerFailedSignIn: 10 }), 'met'],
  ['asvs-5', '6.6.3', limit({ otpFailuresPerFailedSignIn: 11 }), 'conflict'],
  ['asvs-5', '6.6.3', setUp({ attemptsPerCode: 11 }), 'conflict'],
  ['rfc-4226', '4, R4', totp({ digits: 5 }), 'conflict'],
  ['rfc-4226', '4, R4', totp({ digits: 6 }), 'met'],
  ['rfc-6238', '5.2 (delay)', totp({ windowSteps: 1 }), 'met'],
  ['rfc-6238', '5.2 (delay)', totp({ windowSteps: 2 }), 'conflict'],
  ['rfc-6238', '5.2 (length)', totp({ periodSeconds: 30 }), 'met'],
  ['rfc-6238', '5.2 (length)', totp({ periodSeconds: 31 }), 'conflict'],
  ['pci-dss-4.0.1', '8.3.4 (attempts)', defaultPolicy, 'conflict'],
  ['pci-dss-4.0.1', '8.3.4 (attempts)', limit({ otpFailuresPerFailedSignIn: 2 }), 'met'],
  ['pci-dss-4.0.1', '8.3.6', password({ minimumLength: 12 }), 'met'],
  ['pci-dss-4.0.1', '8.3.6', password({ minimumLength: 11 }), 'conflict'],
  ['pci-dss-4.0.1', '8.3.7', password({ history: 4 }), 'met'],
  ['pci-dss-4.0.1', '8.3.7', password({ history: 3 }), 'conflict'],
  ['pci-dss-4.0.1', '8.3.9', password({ maximumAgeDays: 90 }), 'met'],
  ['pci-dss-4.0.1', '8.3.9', password({ maximumAgeDays: 91 }), 'not-applicable'],
  ['sfc-hacking', '1.3', mails(true), 'conflict'],
  ['sfc-hacking', '1.3', mails(false), 'conflict'],
  ['sfc-hacking', '1.6 (passwords)', password({ history: 1 }), 'met'],
  ['sfc-hacking', '1.6 (passwords)', defaultPolicy, 'conflict'],
  ['sfc-hacking', '1.6 (sessions)', session({ idleSeconds: 60 }), 'met'],
  ['sfc-hacking', '1.6 (sessions)', defaultPolicy, 'conflict'],
  ['sfc-circulars', '26EC35, 5', defaultPolicy, 'conflict'],
  ['sfc-circulars', '26EC35, (A) (sessions)', session({ idleSeconds: 1_800 }), 'met'],
  ['sfc-circulars', '26EC35, (A) (sessions)', session({ idleSeconds: 1_801 }), 'conflict'],
  ['sfc-circulars', '26EC35, (A) (sessions)', session({ idleSeconds: 1 }), 'met'],
  ['sfc-circulars', '26EC35, (A) (sessions)', defaultPolicy, 'conflict'],
  ['sfc-circulars', '26EC35, (B) (notices)', mails(true), 'host'],
  ['sfc-circulars', '26EC35, (B) (notices)', mails(false), 'conflict'],
  ['sfc-circulars', '26EC35, (B)(b)', defaultPolicy, 'host'],
  ['hkma-tm-e-1', '4.1 (factors)', defaultPolicy, 'met'],
  ['hkma-svf', '7.3.5 (identity)', defaultPolicy, 'met'],
  ['hkma-svf', '7.3.5 (notice)', mails(true), 'met'],
  ['hkma-svf', '7.3.5 (notice)', mails(false), 'conflict'],
  ['hkma-tm-e-1', '4.2', mails(true), 'met'],
  ['hkma-tm-e-1', '4.2', mails(false), 'conflict'],
]

describe('AUD-04 · a policy is compared with standards', () => {
  test.each(cases.map(([standard, number, policy, expected]) => ({ standard, number, policy, expected })))(
    'AUD-04 · $standard $number: $expected',
    ({ standard, number, policy, expected }) => expect(verdict(policy, standard, number)).toBe(expected),
  )

  test.each([
    ['nist-800-63b-4', '3.1.3.1 (email)', 'conflict', 'met'],
    ['sfc-hacking', '1.3', 'conflict', 'host'],
    ['nist-800-63b-4', '3.1.3.2 (lifetime)', 'met', 'not-applicable'],
    ['asvs-5', '6.3.6', 'conflict', 'met'],
    ['hkma-tm-e-1', '4.1 (codes)', 'host', 'met'],
    // A conflict with both channels: a code of the app is a one-time code too.
    ['sfc-circulars', '26EC35, 5', 'conflict', 'conflict'],
    ['sfc-circulars', '20EC58, A', 'conflict', 'met'],
    ['hkma-tm-e-1', 'Circular of 14 April 2025', 'conflict', 'conflict'],
  ] as const)('AUD-04 · %s %s is computed without users of email', (standard, number, both, appOnly) => {
    expect(verdict(defaultPolicy, standard, number)).toBe(both)
    expect(verdict(defaultPolicy, standard, number, ['MobileApp'])).toBe(appOnly)
  })

  test.each<[Standard['id'], string, Policy, readonly ('MobileApp' | 'Email')[] | undefined, string]>([
    ['nist-800-63b-4', '2.2.3', defaultPolicy, undefined, 'the idle limit is off'],
    ['nist-800-63b-4', '2.2.3', session({ idleSeconds: 60 }), undefined, 'the idle limit is 60 seconds'],
    ['nist-800-63b-4', '3.1.4.1', defaultPolicy, undefined, 'codes change every 30 seconds'],
    ['nist-800-63b-4', '3.1.4.1', defaultPolicy, ['Email'], 'No user has an authenticator app'],
    ['sfc-hacking', '1.1', defaultPolicy, undefined, 'an emailed code rests on the security of the mailbox'],
    ['sfc-hacking', '1.1', defaultPolicy, ['MobileApp'], 'a code of the authenticator app'],
    ['sfc-hacking', '1.6 (passwords)', defaultPolicy, undefined, 'no history but the current password'],
    ['sfc-hacking', '1.6 (passwords)', password({ history: 3 }), undefined, 'the last 3 are refused'],
    ['sfc-hacking', '1.6 (sessions)', defaultPolicy, undefined, 'The idle limit is off'],
    ['sfc-hacking', '1.6 (sessions)', session({ idleSeconds: 60 }), undefined, 'After 60 seconds'],
    ['sfc-circulars', '26EC35, 5', defaultPolicy, undefined, 'names codes by email'],
    ['sfc-circulars', '26EC35, 5', defaultPolicy, ['MobileApp'], 'the definition could not be read'],
    ['sfc-circulars', '26EC35, (A) (sessions)', defaultPolicy, undefined, 'The idle limit is off'],
    ['sfc-circulars', '26EC35, (A) (sessions)', session({ idleSeconds: 60 }), undefined, 'After 60 seconds'],
    ['hkma-tm-e-1', 'Circular of 14 April 2025', defaultPolicy, undefined, 'is sent to them'],
    ['hkma-tm-e-1', 'Circular of 14 April 2025', defaultPolicy, ['MobileApp'], 'No code is sent'],
    ['pci-dss-4.0.1', '8.3.7', defaultPolicy, undefined, 'Only the current password is refused'],
    ['pci-dss-4.0.1', '8.3.7', password({ history: 3 }), undefined, 'The last 3 are refused'],
  ])(
    'AUD-04 · the reason for %s %s states the value of the policy (%#)',
    (standard, number, policy, channels, why) => {
      const found = standardsReport(policy, { channels }).findings.find(
        (finding) => finding.standard === standard && finding.number === number,
      )
      expect(found?.why).toContain(why)
    },
  )

  test('AUD-04 · the lifetime of an app’s codes is not applicable without users of an app', () => {
    for (const number of ['3.1.4.1', '3.1.4.2'])
      expect(verdict(defaultPolicy, 'nist-800-63b-4', number, ['Email'])).toBe('not-applicable')
  })

  test('AUD-04 · a limit of devices is not applicable without users of an app', () => {
    expect(verdict(defaultPolicy, 'sfc-circulars', '26EC35, (A) (devices)')).toBe('met')
    expect(verdict(defaultPolicy, 'sfc-circulars', '26EC35, (A) (devices)', ['Email'])).toBe('not-applicable')
  })

  test('AUD-04 · the page says what of the HKMA could not be read', () => {
    const hkma = standardsPage(defaultPolicy)
      .split('\n## ')
      .find((part) => part.startsWith('HKMA, Supervisory'))
    expect(hkma).toContain('No paragraph of section 4 could be read')
    expect(hkma).toContain('Read: quotations and summaries')
  })

  test('AUD-04 · every requirement names existing rules, has a unique number and gives a reason', () => {
    const known = rulebook.map(({ id }) => id)
    const { findings, standards } = standardsReport(defaultPolicy)
    const numbers = findings.map(({ standard, number }) => `${standard} ${number}`)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(new Set(findings.map(({ standard }) => standard))).toEqual(new Set(standards.map(({ id }) => id)))
    for (const { rules, verdict: is, why } of findings) {
      for (const rule of rules) expect(known).toContain(rule)
      if (is !== 'host') expect(rules.length).toBeGreaterThan(0)
      expect(why).toMatch(/\S.*\.$/)
    }
  })

  test('AUD-04 · a computed verdict names fields of the policy, and only these change it', () => {
    for (const [{ id }, requirements] of catalogue)
      for (const { number, fields, judge } of requirements) {
        const read = new Set<string>()
        const watched = <T extends object>(value: T, path: string): T =>
          new Proxy(value, {
            get(target, key) {
              const inner = Reflect.get(target, key) as unknown
              const here = path === '' ? String(key) : `${path}.${String(key)}`
              if (typeof inner !== 'object' || inner === null) read.add(here)
              return typeof inner === 'object' && inner !== null ? watched(inner, here) : inner
            },
          })
        judge({ policy: watched(structuredClone(defaultPolicy), ''), email: true, app: true })
        for (const path of read) expect(fields, `${id} ${number}`).toContain(path)
        for (const path of fields) expect(Object.keys(ruleOfField), `${id} ${number}`).toContain(path)
      }
  })

  test('AUD-04 · the page for a host’s policy names its overrides, its conflicts and every requirement', () => {
    const policy = definePolicy({ password: { history: 4, blocklist: true } })._unsafeUnwrap()
    const page = standardsPage(policy, { channels: ['MobileApp'] })
    expect(page).toContain('`password.history` is 4; `password.blocklist` is true.')
    expect(page).not.toContain('The briefing offers email')
    expect(standardsPage(defaultPolicy)).toContain('The briefing offers email')
    for (const { requirement } of standardsReport(policy).findings) expect(page).toContain(requirement)
    expect(page).toContain('| PW-01 |')
    expect(standardsPage(defaultPolicy, { rulebook: 'rulebook.md' })).toContain('[PW-01](rulebook.md#pw-01)')
  })

  test('AUD-04 · docs/standards.md is the page for the default policy', () => {
    const page = fileURLToPath(new URL('../../../../docs/standards.md', import.meta.url))
    expect(readFileSync(page, 'utf8')).toBe(standardsPage(defaultPolicy, { rulebook: 'rulebook.md' }))
  })
})

describe('AUD-04 · the comparison is exported as an OSCAL component definition', () => {
  const schema = JSON.parse(
    readFileSync(fileURLToPath(new URL('oscal/component-definition.schema.json', import.meta.url)), 'utf8'),
  ) as object
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  const validate = ajv.compile(schema)
  const document = oscalComponentDefinition(defaultPolicy, {
    lastModified: 1_700_000_000_000,
    version: '1.0.0',
  })

  test('AUD-04 · it is valid against NIST’s schema; without a required field it is not', () => {
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    const broken = structuredClone(document) as unknown as {
      'component-definition': { metadata: { title?: string } }
    }
    delete broken['component-definition'].metadata.title
    expect(validate(broken)).toBe(false)
    const foreign = structuredClone(document) as unknown as { 'component-definition': { uuid: string } }
    foreign['component-definition'].uuid = 'not a uuid'
    expect(validate(foreign)).toBe(false)
  })

  test('AUD-04 · it describes one component, in the version of OSCAL of the schema', () => {
    const { metadata, components } = document['component-definition']
    expect(metadata).toEqual({
      title: 'Two-factor authentication for terminals of CCASS and CCMS',
      'last-modified': '2023-11-14T22:13:20.000Z',
      version: '1.0.0',
      'oscal-version': '1.2.1',
    })
    expect(components.map(({ type, title, description }) => [type, title, description])).toEqual([
      ['software', 'ccass-2fa', 'The library, under the policy that was compared.'],
    ])
  })

  test('AUD-04 · its identifiers never change: a document of today can be compared with an older one', () => {
    const [component] = document['component-definition'].components
    const [standard] = component?.['control-implementations'] ?? []
    const [requirement] = standard?.['implemented-requirements'] ?? []
    expect(requirement?.['control-id']).toBe('nist-800-63b-4_3.1.1.2-length')
    expect(
      [document['component-definition'], component, standard, requirement].map((each) => each?.uuid),
    ).toEqual([
      'f2f71a95-c6f3-55ed-a381-e24805750e5c',
      '27cf8452-ec2d-500c-b920-a507a3357a7c',
      '5e05ae7b-c671-5186-ade1-d1041a2035d1',
      '10468f4f-29f5-570c-9ecc-6a6b78b8286e',
    ])
    const later = oscalComponentDefinition(defaultPolicy, {
      lastModified: 1_700_000_000_001,
      version: '1.0.0',
    })
    expect(later['component-definition'].uuid).not.toBe(document['component-definition'].uuid)
    expect(later['component-definition'].components).toEqual(document['component-definition'].components)
  })

  test('AUD-04 · it contains what the report contains, with stable identifiers', () => {
    const [component] = document['component-definition'].components
    const implementations = component?.['control-implementations'] ?? []
    const { findings, standards } = standardsReport(defaultPolicy)
    expect(implementations.map(({ source }) => source)).toEqual(standards.map(({ address }) => address))
    expect(implementations.map(({ description }) => description)).toEqual(
      standards.map(({ title, edition, note }) => `${title}. ${edition}. ${note}`),
    )
    const written = implementations.flatMap((each) => each['implemented-requirements'])
    expect(written.map(({ description, remarks }) => [description, remarks])).toEqual(
      findings.map(({ requirement, why }) => [requirement, why]),
    )
    expect(written.map(({ props }) => props.find(({ name }) => name === 'verdict')?.value)).toEqual(
      findings.map((finding) => finding.verdict),
    )
    expect(
      written.map(({ props }) => props.filter(({ name }) => name === 'rule').map(({ value }) => value)),
    ).toEqual(findings.map(({ rules }) => rules))
    const ids = written.map((each) => each.uuid)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(written.map((each) => each['control-id'])).size).toBe(written.length)
    const again = oscalComponentDefinition(defaultPolicy, {
      lastModified: 1_700_000_000_000,
      version: '1.0.0',
    })
    expect(again).toEqual(document)
  })

  test.each([
    ['met', 'implemented'],
    ['conflict', 'not-implemented'],
    ['host', 'customer-responsibility'],
    ['not-applicable', 'not-applicable'],
  ])('AUD-04 · the verdict "%s" becomes the status "%s"', (word, status) => {
    const requirements = document['component-definition'].components.flatMap((component) =>
      component['control-implementations'].flatMap((each) => each['implemented-requirements']),
    )
    const chosen = requirements.filter(({ props }) =>
      props.some(({ name, value }) => name === 'verdict' && value === word),
    )
    expect(chosen.length).toBeGreaterThan(0)
    for (const { props } of chosen)
      expect(props.find(({ name }) => name === 'implementation-status')?.value).toBe(status)
  })
})
