import type { CredentialChange, Mail } from '../../src/ports/mailer.ts'

/** 5 June 2023, 23:05:09 in Hong Kong: a wrong time zone shows the 6th, and in London it is still the 5th. */
export const momentInHongKong = Date.UTC(2023, 5, 5, 15, 5, 9)

const to = 'holder@participant.example'
const userId = 'B0123401'

/** A code that occurs nowhere else. */
export const secretCode = '907214'

export const codeMail = (parts: Partial<Extract<Mail, { type: 'code' }>> = {}): Mail => ({
  type: 'code',
  to,
  userId,
  purpose: 'sign-in',
  code: secretCode,
  validSeconds: 300,
  ...parts,
})
export const lockedMail = (parts: { readonly to?: string; readonly userId?: string } = {}): Mail => ({
  type: 'account-locked',
  to,
  userId,
  at: momentInHongKong,
  ...parts,
})
export const changedMail = (change: CredentialChange = 'password-changed'): Mail => ({
  type: 'credential-changed',
  to,
  userId,
  change,
  at: momentInHongKong,
})
export const eserviceMail = (
  parts: Partial<Extract<Mail, { type: 'eservice' }>> = {},
): Extract<Mail, { type: 'eservice' }> => ({
  type: 'eservice',
  to: 'checker@participant.example',
  reference: 'DA3_00013361',
  form: 'DA 3',
  participant: 'B01234',
  status: 'Ready to Send to HKEX',
  notification: 'for-action',
  processedBy: 'CHAN Tai Man',
  at: momentInHongKong,
  ...parts,
})

export const credentialChanges = [
  'password-set',
  'password-changed',
  'password-reset',
  'channel-set',
  'channel-changed',
  'reset-by-administrator',
  'email-changed',
] as const satisfies readonly CredentialChange[]

/** Every mail that the library sends, by name. */
export const everyMail: readonly (readonly [name: string, mail: Mail])[] = [
  ...(['sign-in', 'password', 'enrolment'] as const).map(
    (purpose) => [`code, ${purpose}`, codeMail({ purpose })] as const,
  ),
  ['account locked', lockedMail()],
  ...credentialChanges.map((change) => [`credential changed, ${change}`, changedMail(change)] as const),
  ['eService, for action', eserviceMail()],
  [
    'eService, for reference',
    eserviceMail({ notification: 'for-reference', status: 'Completed', processedBy: 'HKEX' }),
  ],
]
