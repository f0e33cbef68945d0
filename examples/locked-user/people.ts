import type { Session } from 'ccass-2fa'
import type { Host } from '../quickstart/host.ts'
import { type EmailHolder, logInByEmail, setUpEmail, setUpPassword } from '../quickstart/set-up.ts'

// Demonstration passwords. Never put real ones into source code.

/** The user of this story. */
export const user: EmailHolder = {
  userId: 'B0123402',
  password: 'Demo only: egg tart 1940!',
  system: 'CCASS/CCMS',
}

/** The same user after the unlock. */
export const userAfterUnlock: EmailHolder = { ...user, password: 'Demo only: milk tea 1952!' }

/** The Delegated Administrator who enters the unlock. */
export const maker: EmailHolder = {
  userId: 'B01234X1',
  password: 'Demo only: victoria peak 552 m!',
  system: 'DMS',
}

/** The Delegated Administrator who checks it. */
export const checker: EmailHolder = {
  userId: 'B01234X2',
  password: 'Demo only: tai mo shan 957 m!',
  system: 'DMS',
}

/** All passwords of the story, to check that they are stored nowhere in plain text. */
export const passwords = [user, userAfterUnlock, maker, checker].map(({ password }) => password)

/** Sets up a password and email as the OTP channel, then signs in. */
export const setUpAndLogIn = async (host: Host, holder: EmailHolder): Promise<Session> => {
  await setUpPassword(host, holder.userId, holder.password)
  await setUpEmail(host, holder)
  return logInByEmail(host, holder)
}
