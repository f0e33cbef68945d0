import { parseUserId } from 'ccass-2fa/rules'
import { readListing } from '../support/listing.ts'
import type { Host } from './host.ts'

const listing = new URL('../data/user-profile-listing.csv', import.meta.url)

/** Registers every account of a User Profile Listing and shows it as stored in the registry. */
export const importAccounts = async ({ auth, trace }: Host): Promise<void> => {
  trace.heading('A User Profile Listing is imported')
  const accounts = await readListing(listing)

  const rows: string[][] = []
  for (const account of accounts) {
    trace.progress(`importing ${account.userId}, ${rows.length + 1} of ${accounts.length}`)
    const registered = await auth.registry
      .register({ ...account, origin: 'imported', by: 'import' })
      .andThen(({ participant, types }) =>
        auth.registry
          .view({ userId: account.userId })
          .map((view) => [
            participant,
            types.join(' or '),
            view.userId,
            view.role === 'DelegatedAdministrator' ? 'DA' : 'User',
            view.email === undefined ? 'no' : 'yes',
            view.status,
            view.disableAfter ?? '',
          ]),
      )
    if (registered.isErr()) throw new Error(`${account.userId}: ${registered.error.code}`)
    rows.push(registered.value)
  }
  const titles = ['Participant', 'Type', 'User ID', 'Role', 'Email', 'Status', 'Disable after']
  trace.table(
    titles,
    rows.map(([participant = '', ...rest], i) => [
      rows[i - 1]?.[0] === participant ? '' : participant,
      ...rest,
    ]),
  )

  trace.fact('ID-01', 'accounts registered', String(rows.length), '13')
  const types = parseUserId('HKABC2X1').map((id) => id.types.join(', '))
  trace.fact('ID-10', 'HKABC2X1 belongs to HKCC and SEOCH', types.unwrapOr('neither'), 'HKCC, SEOCH')
  const again = { userId: 'B0123401', role: 'User', origin: 'created', by: 'import' } as const
  await trace.refused(
    'ID-12',
    'B0123401 cannot be allocated twice',
    auth.registry.register(again),
    'user-id-taken',
  )
}

/** A caller who cannot begin gets the same answer as any other. Only the trail has the reason. */
export const showUniformAnswers = async ({ auth, clock, mailer, trace }: Host): Promise<void> => {
  trace.heading(
    'Accounts that cannot be set up get the same answer as all others',
    'Each requests a code to set up a password. The answers are equal, no email is sent, and only',
    'the audit trail has the reason.',
  )
  const cases = [
    {
      userId: 'B0123403',
      rules: 'ACC-02 ACC-16',
      who: 'B0123403 has no email',
      reason: 'no-registered-email',
    },
    { userId: 'B012340W', rules: 'ACC-05 ACC-16', who: 'B012340W, disabled', reason: 'disabled' },
    {
      userId: 'B0123499',
      rules: 'LOCK-11 ACC-16',
      who: 'B0123499 does not exist',
      reason: 'unknown-user',
    },
  ]
  for (const { userId, rules, who, reason } of cases) {
    clock.pass(60_000)
    await trace.ok(rules, who, auth.passwordSetUp.begin({ userId }), async () => {
      const trail = await auth.audit.refusals({ userId })
      const last = trail.unwrapOr([]).at(-1)?.event
      const found = last !== undefined && 'reason' in last ? String(last.reason) : 'none'
      const mailed = mailer.mails.some((mail) => 'userId' in mail && mail.userId === userId)
      return { is: mailed ? 'an email was sent' : `trail: ${found}`, mustBe: `trail: ${reason}` }
    })
  }
}
