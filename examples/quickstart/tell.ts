import { defaultPolicy, type Policy } from 'ccass-2fa'
import { tellStory } from '../support/story.ts'
import { setUpUser, signIn } from './app-user.ts'
import { showTrail } from './audit-trail.ts'
import { useEmail } from './email-administrator.ts'
import { outliveThePassword } from './expiry.ts'
import { type Host, openHost } from './host.ts'
import { importAccounts, showUniformAnswers } from './import-accounts.ts'
import { mistypeUntilLocked, unlockAndSetUpAgain } from './lockout.ts'
import { secondAdministrator } from './unlock-in-dms.ts'

const story = async (host: Host): Promise<void> => {
  await importAccounts(host)
  await showUniformAnswers(host)
  const device = await setUpUser(host)
  const session = await signIn(host, device)
  const maker = await useEmail(host)
  const checker = await secondAdministrator(host)
  await mistypeUntilLocked(host, device, session)
  const newDevice = await unlockAndSetUpAgain(host, device, { maker, checker })
  await outliveThePassword(host, newDevice)
  await showTrail(host, [device, newDevice])
}

/**
 * Runs the whole story in a fresh directory, which is removed at the end.
 *
 * @param policy - Default: the policy of the rulebook. Under any other policy, the story stops at the first
 * answer that differs from the rulebook.
 * @returns an exit code: 0 if every step followed the rulebook, otherwise 1.
 */
export const tell = (policy: Policy = defaultPolicy): Promise<0 | 1> => {
  const host = openHost(policy)
  return tellStory(
    host,
    [
      'ccass-2fa: the quickstart',
      'Each line with a ✓ is a step: its rules, the operation, and the library’s answer. Each answer is',
      'compared with the rulebook (docs/rulebook.md).',
      '',
      `Storage    ${host.file}, removed at the end`,
      'Passwords  hashed with Argon2id, so that some steps take a moment',
      'Codes      computed from the otpauth:// URI as a phone does; emails are captured, not sent',
      'Clock      simulated; it starts on Monday, 5 June 2023, 09:00 in Hong Kong',
      'Data       fictitious: no real person, address or password',
    ],
    story,
    [
      'Next: README.md for integration, docs/rulebook.md for the rules, examples/README.md for more examples.',
    ],
  )
}
