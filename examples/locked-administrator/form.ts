import type { Eservices, Refusal } from 'ccass-2fa'
import type { Host } from '../quickstart/host.ts'
import type { Note } from '../support/trace.ts'
import { cheung, ho, locked, other, staff, wong } from './people.ts'

type Contents = Parameters<Eservices['draft']>[0]['contents']

const unlock = (userId: string, email: string) =>
  ({ type: 'status', userId, email, action: 'unlock' }) as const

/** A form to unlock two DAs. The email of the second one is not the registered one. */
const filledIn: Contents = {
  clearingHouse: 'HKSCC',
  lines: [unlock(locked.userId, locked.email), unlock(other.userId, 'da2@abc-security.example')],
  contact: { name: 'C Cheung', email: cheung.email, telephone: '+852 2979 7111' },
  declared: false,
}

/** The rule of the form that it violates. */
const reason =
  (mustBe: string) =>
  (refusal: Refusal): Note => ({
    is: refusal.code === 'form-refused' ? `${refusal.reason} (${refusal.rule})` : refusal.code,
    mustBe,
  })

/** The mails about forms after the first `before` mails: to whom, and what for. */
export const mailsSince = async ({ auth, mailer }: Host, before: number): Promise<string> => {
  await auth.outbox.deliver()
  return mailer.mails
    .slice(before)
    .flatMap((mail) => (mail.type === 'eservice' ? [`${mail.notification} → ${mail.to}`] : []))
    .join(', ')
}

/** The maker fills in DA 3 and submits it. @returns the form's id. */
export const fillIn = async (host: Host): Promise<string> => {
  const { auth, clock, mailer, trace } = host
  const { eservices } = auth
  trace.heading('C Cheung, a Client Connect user, fills in DA 3')
  await trace.refused(
    'ESV-01',
    'F Ho, who lacks the right, fills it in',
    eservices.draft({ actor: ho, form: 'DA 3', contents: filledIn }),
    'form-refused',
    reason('no-right (ESV-01)'),
  )
  const { id } = await trace.ok(
    'ESV-01 ESV-09',
    'C Cheung adds two Unlock lines',
    eservices.draft({ actor: cheung, form: 'DA 3', contents: filledIn }),
    ({ status }) => ({ is: status, mustBe: 'Draft' }),
  )
  clock.pass(60_000)
  await trace.refused(
    'ESV-07',
    'submits it without the declaration',
    eservices.submit({ actor: cheung, id, users: staff }),
    'form-refused',
    reason('declaration-not-ticked (ESV-07)'),
  )
  await trace.ok(
    'ESV-07',
    'ticks the declaration',
    eservices.edit({ actor: cheung, id, contents: { ...filledIn, declared: true } }),
  )
  const before = mailer.mails.length
  await trace.ok(
    'ESV-02 ESV-03',
    'submits it and gets a reference',
    eservices.submit({ actor: cheung, id, users: staff }),
    ({ status, form }) => ({
      is: `${status}: ${'reference' in form && form.reference}`,
      mustBe: 'Ready to Send to HKEX: DA3_00000001',
    }),
  )
  trace.fact('ESV-08', 'mailed', await mailsSince(host, before), `for-action → ${wong.email}`)
  return id
}

/** Another user checks it and sends it to HKEX. */
export const check = async ({ auth, clock, trace }: Host, id: string): Promise<void> => {
  const { eservices } = auth
  trace.heading('Another user checks the form')
  clock.pass(600_000)
  await trace.refused(
    'ESV-12',
    'C Cheung claims the own form',
    eservices.claim({ actor: cheung, id }),
    'form-refused',
    reason('maker-as-checker (ESV-12)'),
  )
  await trace.refused(
    'ESV-12',
    'C CHEUNG in capitals claims it',
    eservices.claim({ actor: { ...cheung, id: 'C.CHEUNG' }, id }),
    'form-refused',
    reason('maker-as-checker (ESV-12)'),
  )
  await trace.ok('ESV-02', 'D Wong claims it', eservices.claim({ actor: wong, id }))
  clock.pass(60_000)
  await trace.ok('ESV-02', 'D Wong confirms it', eservices.confirm({ actor: wong, id }), ({ status }) => ({
    is: status,
    mustBe: 'Sent to HKEX',
  }))
  await trace.refused(
    'ESV-02',
    'D Wong confirms it a second time',
    eservices.confirm({ actor: wong, id }),
    'form-refused',
    reason('wrong-status (ESV-02)'),
  )
}
