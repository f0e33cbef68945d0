import { type Client, field } from './client.ts'
import { LoadFailed, type LoadHolder, setUp, signIn } from './holder.ts'

/** Repeats a call until it succeeds, or an answer shows that an earlier try succeeded. */
const done = async (client: Client, { userId }: LoadHolder, path: string, body: object) => {
  const answered = await client.postUntilAnswered(userId, path, body)
  // A repeated call whose first answer was lost gets a refusal that shows this.
  if (answered.status < 300 || answered.status === 409) return answered
  throw new LoadFailed(`${userId}, ${path}: ${answered.status}`)
}

/**
 * Two Delegated Administrators of a participant create a user's account as maker and checker (DMS-01,
 * DMS-02): entered, read, approved with the checker's code, confirmed. A lost request is entered again.
 */
export const createInDms = async (
  client: Client,
  maker: LoadHolder,
  checker: LoadHolder,
  user: LoadHolder,
): Promise<void> => {
  for (const each of [maker, checker]) await setUp(client, each)
  const [making, checking] = [
    client.as(await signIn(client, maker)),
    client.as(await signIn(client, checker)),
  ]
  const profile = { email: `${user.userId.toLowerCase()}@participant.example`, surname: 'HOLDER' }
  const entry = { kind: 'create', userId: user.userId, profile }
  for (let tries = 0; tries < 10; tries++) {
    const entered = await done(making, maker, 'dms/requests', { entry })
    if (entered.body['code'] === 'user-id-taken') return
    const at = `dms/requests/${field(entered, 'request')}`
    const issued = await done(checking, checker, `${at}/code`, { digest: field(entered, 'digest') })
    const confirmed = await making.postUntilAnswered(maker.userId, `${at}/confirm`, {
      checkerId: checker.userId,
      authorisationCode: field(issued, 'code'),
    })
    if (confirmed.status === 204) return
  }
  throw new LoadFailed(`could not create ${user.userId} in DMS`)
}
