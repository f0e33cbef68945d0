import type { Session } from 'ccass-2fa'
import { count } from './count.ts'
import type { Host } from './host.ts'
import { type EmailHolder, logInByEmail, setUpEmail, setUpPassword } from './set-up.ts'

/** Two Delegated Administrators of one participant, signed in to DMS. */
export interface Administrators {
  readonly maker: Session
  readonly checker: Session
}

const second: EmailHolder = {
  userId: 'B01234X2',
  // A demonstration password.
  password: 'Demo only: sunset peak 869 m!',
  system: 'DMS',
}

/** Signs in a second Delegated Administrator, who checks what the first one enters. */
export const secondAdministrator = async (host: Host): Promise<Session> => {
  host.trace.heading(`${second.userId}, another Delegated Administrator, sets up password and email`)
  await setUpPassword(host, second.userId, second.password)
  await setUpEmail(host, second)
  return logInByEmail(host, second)
}

/**
 * Unlock/Reset OTP Device Registration: one administrator enters it, the other approves it, then it takes
 * effect.
 */
export const unlockInDms = async (
  host: Host,
  userId: string,
  { maker, checker }: Administrators,
): Promise<void> => {
  const { auth, clock, trace } = host
  const { dms } = auth
  trace.heading(`${userId} is unlocked by ${maker.userId} and ${checker.userId} in DMS`)
  clock.pass(600_000)
  const { request } = await trace.ok(
    'MNT-04 DMS-01',
    `${maker.userId} enters the unlock`,
    dms.enter({ session: maker, entry: { kind: 'change', userId, changes: {}, unlock: true } }),
  )
  await trace.refused(
    'DMS-02',
    `${maker.userId} cannot be the checker`,
    dms.review({ session: maker, request }),
    'maker-as-checker',
  )
  clock.pass(60_000)
  const review = await trace.ok(
    'DMS-02',
    `${checker.userId} reviews the request`,
    dms.review({ session: checker, request }),
    ({ contents }) => ({ is: `by ${contents?.maker}`, mustBe: `by ${maker.userId}` }),
  )
  const { code } = await trace.ok(
    'DMS-04',
    `${checker.userId} gets an Authorisation Code`,
    dms.getAuthorisationCode({ session: checker, review }),
  )
  await trace.ok(
    'ACC-07 LOCK-03',
    `${maker.userId} enters it: unlocked`,
    dms.confirm({ session: maker, request, checkerId: checker.userId, authorisationCode: code }),
    () => count(host, userId, 0, 0),
  )
}
