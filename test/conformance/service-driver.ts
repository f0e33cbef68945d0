/** Drives the library's own service. */
import type { ResultAsync } from 'neverthrow'
import { webCryptoRandom, webCryptoSecretBox } from '../../src/adapters/web-crypto.ts'
import { type Authentication, createAuthentication } from '../../src/authentication.ts'
import type { ConformanceDriver, ConformanceEntry, MailboxMessage } from '../../src/conformance/index.ts'
import type { Mail, Mailer } from '../../src/ports/mailer.ts'
import type { Refusal } from '../../src/refusals.ts'
import type { Session } from '../../src/session/session.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { stubHasher } from '../support/stub-hasher.ts'

/** A mailer with a mailbox for each address. */
export const mailboxes = () => {
  const boxes = new Map<string, MailboxMessage[]>()
  const of = (email: string) => boxes.get(email) ?? []
  const messageOf = (mail: Mail): MailboxMessage => {
    if (mail.type === 'code') return { kind: 'code', code: mail.code }
    return { kind: mail.type === 'account-locked' ? 'locked' : 'other' }
  }
  const mailer: Mailer = {
    send: async (mail) => {
      boxes.set(mail.to, [...of(mail.to), messageOf(mail)])
      return 'delivered'
    },
  }
  return { mailer, of }
}

const refusedAs = (refusal: Refusal) => ({ refused: refusal.code })

/** Repeats a call while its result is `busy`, which only means a delay (LOCK-09). */
const settled = async <T>(
  ask: () => ResultAsync<T, Refusal>,
): Promise<(T extends void ? object : T) | { readonly refused: string }> => {
  for (;;) {
    const result = await ask()
    if (result.isOk()) return (result.value ?? {}) as T extends void ? object : T
    if (result.error.code !== 'busy') return refusedAs(result.error)
  }
}

/** Converts an entry to the library's form. */
export const entryOf = (entry: ConformanceEntry) => {
  const { userId } = entry
  switch (entry.kind) {
    case 'create':
      return { kind: 'create' as const, userId, profile: { email: entry.email } }
    case 'delete':
      return { kind: 'delete' as const, userId }
    case 'unlock':
      return { kind: 'change' as const, userId, changes: {}, unlock: true }
    case 'disable':
    case 'enable': {
      const status = entry.kind === 'disable' ? ('DISABLED' as const) : ('ENABLED' as const)
      return { kind: 'change' as const, userId, changes: { status } }
    }
  }
}

/** A driver over a service; the test controls its clock and mailboxes. */
export const driverOver = (
  auth: Authentication,
  { advance, mailbox }: Required<Pick<ConformanceDriver, 'advance' | 'mailbox'>>,
): ConformanceDriver => {
  const sessions = new Map<string, Session>()
  const by = 'conformance'
  const held = (name: string): Session => sessions.get(name) ?? ({} as Session)
  const opened = (session: Session): string => {
    const name = `session-${sessions.size + 1}`
    sessions.set(name, session)
    return name
  }
  return {
    advance,
    mailbox: async (input) => {
      await auth.outbox.deliver()
      return mailbox(input)
    },
    createAccount: (input) => settled(() => auth.registry.register({ ...input, origin: 'created', by })),
    setStatus: ({ userId, status }) =>
      settled(() => auth.registry.change({ userId, by, changes: { status } })),
    unlock: ({ userId }) => settled(() => auth.registry.unlock({ userId, by })),
    deleteAccount: ({ userId }) => settled(() => auth.registry.delete({ userId, by })),
    setMaximum: (input) => settled(() => auth.registry.setMaximum({ ...input, by })),
    isLocked: async ({ userId }) =>
      (await auth.registry.view({ userId })).match(
        (view) => view.locked,
        () => false,
      ),
    requestPasswordCode: (input) => settled(() => auth.passwordSetUp.begin(input)),
    confirmPasswordCode: (input) => settled(() => auth.passwordSetUp.confirmCode(input)),
    setPassword: ({ challenge, password }) =>
      settled(() => auth.passwordSetUp.complete({ challenge, password, confirmation: password })),
    beginSignIn: (input) => settled(() => auth.signIn.begin(input)),
    confirmOtp: async (input) => {
      const answer = await settled(() => auth.signIn.confirmOtp(input))
      if ('refused' in answer) return answer
      return answer.next === 'done' ? { next: 'done', session: opened(answer.session) } : { next: 'enrolOtp' }
    },
    resendCode: (input) => settled(() => auth.signIn.resendCode(input)),
    cancelSignIn: (input) => settled(() => auth.signIn.cancel(input)),
    chooseChannel: async (input) => {
      const answer = await settled(() => auth.enrolment.chooseChannel(input))
      if ('refused' in answer) return answer
      return answer.channel === 'MobileApp' ? { secret: answer.secret } : {}
    },
    confirmChannel: (input) => settled(() => auth.enrolment.confirm(input)),
    checkSession: ({ session }) => settled(() => auth.sessions.check({ session: held(session) })),
    changePassword: ({ session, current, password }) =>
      settled(() =>
        auth.selfService.changePassword({
          session: held(session),
          current,
          password,
          confirmation: password,
        }),
      ),
    changeDevice: ({ session }) => settled(() => auth.selfService.changeDevice({ session: held(session) })),
    proposeUserId: async ({ session }) => {
      const answer = await settled(() => auth.dms.proposeUserId({ session: held(session) }))
      return typeof answer === 'string' ? { userId: answer } : answer
    },
    enterRequest: ({ session, entry }) =>
      settled(() => auth.dms.enter({ session: held(session), entry: entryOf(entry) })),
    amendRequest: ({ session, request, entry }) =>
      settled(() => auth.dms.amend({ session: held(session), request, entry: entryOf(entry) })),
    withdrawRequest: ({ session, request }) =>
      settled(() => auth.dms.withdraw({ session: held(session), request })),
    getAuthorisationCode: async ({ session, request }) => {
      const review = await settled(() => auth.dms.review({ session: held(session), request }))
      if ('refused' in review) return review
      return settled(() => auth.dms.getAuthorisationCode({ session: held(session), review }))
    },
    confirmRequest: ({ session, request, checkerId, code }) =>
      settled(() =>
        auth.dms.confirm({ session: held(session), request, checkerId, authorisationCode: code }),
      ),
  }
}

/** A new service in this process. */
export const newService = async ({ at }: { readonly at: number }): Promise<ConformanceDriver> => {
  let now = at
  const { mailer, of } = mailboxes()
  const random = webCryptoRandom()
  const auth = createAuthentication({
    ...{ storage: memoryStorage(), clock: { now: () => now }, mailer, random, passwordHasher: stubHasher() },
    secretBox: webCryptoSecretBox([{ id: 'conformance', key: random.bytes(32) }]),
  })
  return driverOver(auth, {
    advance: async ({ milliseconds }) => {
      now += milliseconds
    },
    mailbox: async ({ email }) => of(email),
  })
}
