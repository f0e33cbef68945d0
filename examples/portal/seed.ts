import type { ResultAsync } from 'ccass-2fa'
import type { Host } from './host.ts'

/** The password of every seeded account that has one. */
export const seededPassword = 'Correct-Horse#Battery9'

const by = 'seed'
const context = { source: 'seed' }
const organisation = 'B01234 ABC SECURITIES'

const good = async <T>(answer: ResultAsync<T, { readonly code: string }>): Promise<T> => {
  const result = await answer
  if (result.isErr()) throw new Error(`seed: ${JSON.stringify(result.error)}`)
  return result.value
}

/** Sets up a password and codes by email, as the holder would. */
const setUp = async (
  { auth, mailer }: Pick<Host, 'auth' | 'mailer'>,
  userId: string,
  system: 'CCASS/CCMS' | 'DMS',
) => {
  const { challenge } = await good(auth.passwordSetUp.begin({ userId, context }))
  const code = () => mailer.codeFor(userId) ?? ''
  await good(auth.passwordSetUp.confirmCode({ challenge, code: code(), context }))
  await good(
    auth.passwordSetUp.complete({
      challenge,
      password: seededPassword,
      confirmation: seededPassword,
      context,
    }),
  )
  const step = await good(auth.signIn.begin({ userId, password: seededPassword, system, context }))
  const chosen = await good(
    auth.enrolment.chooseChannel({ challenge: step.challenge, channel: 'Email', context }),
  )
  await good(auth.enrolment.confirm({ challenge: chosen.challenge, code: code(), context }))
}

/** Creates the accounts of one participant: two Delegated Administrators, and users at each stage. */
export const seed = async (host: Host): Promise<void> => {
  const { auth } = host
  if ((await auth.registry.view({ userId: 'B01234X1' })).isOk()) return
  // A user set a password ninety-one days ago. It has expired since (PW-10).
  const past = host.daysAgo(91)
  await good(past.registry.setMaximum({ participant: 'B01234', maximum: 20, by }))
  const accounts = [
    ['B01234X1', 'CHAN', 'Ada', 'DelegatedAdministrator'],
    ['B01234X2', 'LEE', 'Ben', 'DelegatedAdministrator'],
    ['B01234X3', 'HO', 'Cat', 'DelegatedAdministrator'],
    ['B0123401', 'WONG', 'Dora', 'User'],
    ['B0123402', 'NG', 'Eric', 'User'],
    ['B0123403', 'LAM', 'Fay', 'User'],
    ['B0123404', 'KWOK', 'Gil', 'User'],
  ] as const
  for (const [userId, surname, otherNames, role] of accounts)
    await good(
      (userId === 'B0123404' ? past : auth).registry.register({
        userId,
        role,
        origin: 'created',
        organisation,
        surname,
        otherNames,
        email: `${otherNames.toLowerCase()}@abc-securities.example`,
        accessChannel: 'C3T',
        clearingHouseOptions: 'Cash',
        ...(role === 'User' ? { userGroups: ['11', 'AA'] } : {}),
        by,
      }),
    )
  for (const userId of ['B01234X1', 'B01234X2', 'B01234X3']) await setUp(host, userId, 'DMS')
  await setUp(host, 'B0123402', 'CCASS/CCMS')
  await setUp({ auth: past, mailer: host.mailer }, 'B0123404', 'CCASS/CCMS')
  await good(auth.registry.change({ userId: 'B0123403', changes: { status: 'DISABLED' }, by }))
}
