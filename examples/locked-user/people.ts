import type { Session } from 'ccass-2fa'
import type { Host } from '../quickstart/host.ts'
import { type EmailHolder, logInByEmail, setUpEmail, setUpPassword } from '../quickstart/set-up.ts'

// Demonstration passwords; a real one stands in no source.

/** The user whom the story follows. */
export const user: EmailHolder = {
  userId: 'B0123402',
  password: 'Demo only: egg tart 1940!',
  system: 'CCASS/CCMS',
}

/** The same, after the unlock. */
export const userAnew: EmailHolder = { ...user, password: 'Demo only: milk tea 1952!' }

/** The Delegated Administrator who will enter the unlock. */
export const maker: EmailHolder = {
  userId: 'B01234X1',
  password: 'Demo only: victoria peak 552 m!',
  system: 'DMS',
}

/** The one who will check it. */
export const checker: EmailHolder = {
  userId: 'B01234X2',
  password: 'Demo only: tai mo shan 957 m!',
  system: 'DMS',
}

/** Every password of the story, to look for where none must be. */
export const passwords = [user, userAnew, maker, checker].map(({ password }) => password)

/** Password, email as the OTP channel, and a sign-in. */
export const setUpAndLogIn = async (host: Host, holder: EmailHolder): Promise<Session> => {
  await setUpPassword(host, holder.userId, holder.password)
  await setUpEmail(host, holder)
  return logInByEmail(host, holder)
}
