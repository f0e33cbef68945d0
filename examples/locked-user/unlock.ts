import type { Session } from 'ccass-2fa'
import { count } from '../quickstart/count.ts'
import type { Host } from '../quickstart/host.ts'
import type { Note } from '../support/trace.ts'
import { checker, maker, user } from './people.ts'

const { userId } = user

/** Maker and checker, signed in to DMS. */
export interface DmsSessions {
  readonly making: Session
  readonly checking: Session
}

/** The stage of the account, compared with the expected one. */
const stageNote = async ({ auth }: Host, mustBe: 'Locked' | 'Registered'): Promise<Note> => {
  const view = await auth.registry.view({ userId })
  return { is: view.map(({ stage }) => stage).unwrapOr('Registered'), mustBe }
}

/** The maker finds the user and enters the unlock, but cannot check it. @returns the request. */
export const enterUnlock = async (host: Host, { making }: DmsSessions): Promise<string> => {
  const { auth, clock, trace } = host
  const { dms } = auth
  trace.heading(`${maker.userId}, the maker, enters the unlock`)
  clock.pass(600_000)
  await trace.ok('DMS-06 ACC-04', `finds ${userId}`, dms.find({ session: making, userId }), (profile) => ({
    is: `locked: ${profile.locked}, OTP enabled: ${profile.otpEnabled}`,
    mustBe: 'locked: true, OTP enabled: true',
  }))
  const unlock = (id: string) => ({ kind: 'change', userId: id, changes: {}, unlock: true }) as const
  await trace.refused(
    'MNT-08',
    'tries to unlock another DA',
    dms.enter({ session: making, entry: unlock(checker.userId) }),
    'not-authorised',
  )
  const { request } = await trace.ok(
    'MNT-04 DMS-01',
    `enters Unlock/Reset OTP Device for ${userId}`,
    dms.enter({ session: making, entry: unlock(userId) }),
    () => stageNote(host, 'Locked'),
  )
  await trace.refused(
    'DMS-02',
    'tries to confirm with the own Checker ID',
    dms.review({ session: making, request }),
    'maker-as-checker',
  )
  await trace.refused(
    'DMS-02',
    'tries the own ID in lower case',
    dms.confirm({
      ...{ session: making, request, checkerId: maker.userId.toLowerCase(), authorisationCode: '00000000' },
    }),
    'maker-as-checker',
  )
  return request
}

/** The checker reads the entry and gets a code, which is entered on the maker's page. @returns the code. */
export const checkUnlock = async (
  host: Host,
  { making, checking }: DmsSessions,
  request: string,
): Promise<string> => {
  const { auth, clock, trace } = host
  const { dms } = auth
  trace.heading(`${checker.userId}, the checker, approves it`)
  clock.pass(120_000)
  const review = await trace.ok(
    'DMS-02 DMS-05',
    'reads the request',
    dms.review({ session: checking, request }),
    ({ contents }) => ({
      is: `${contents?.entry.kind} ${contents?.entry.userId}, by ${contents?.maker}`,
      mustBe: `change ${userId}, by ${maker.userId}`,
    }),
  )
  const { code } = await trace.ok(
    'DMS-04',
    'gets an Authorisation Code',
    dms.getAuthorisationCode({ session: checking, review }),
    ({ expiresAt }) => ({
      is: `valid for ${(expiresAt - clock.now()) / 1_000} s`,
      mustBe: 'valid for 300 s',
    }),
  )

  trace.heading('The maker enters Checker ID and Authorisation Code')
  clock.pass(30_000)
  const page = { session: making, request, checkerId: checker.userId }
  const mistyped = String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0')
  await trace.refused(
    'DMS-04',
    'enters a wrong code once',
    dms.confirm({ ...page, authorisationCode: mistyped }),
    'authorisation-refused',
    () => stageNote(host, 'Locked'),
  )
  await trace.ok(
    'DMS-01 ACC-07',
    'enters the correct code',
    dms.confirm({ ...page, authorisationCode: code }),
    () => stageNote(host, 'Registered'),
  )
  trace.fact(
    'LOCK-03',
    'count of failed sign-ins',
    (await count(host, userId, 0, 0)).is,
    '0 + ⌊0/3⌋ = 0 of 5',
  )
  await trace.refused(
    'DMS-05',
    'confirms a second time',
    dms.confirm({ ...page, authorisationCode: code }),
    'request-not-open',
  )
  return code
}
