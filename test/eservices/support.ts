/** A test service for eServices: a participant with accounts, its Client Connect users, and HKEX. */
import { afterEach } from 'vitest'
import { hkexPartition } from '../../src/eservices/model/aggregates.ts'
import type { ClientConnectUser } from '../../src/eservices/model/client-connect.ts'
import type { EserviceContents } from '../../src/eservices/model/contents.ts'
import type { FormName } from '../../src/eservices/model/forms.ts'
import type { EserviceLine } from '../../src/eservices/model/lines.ts'
import { parseUserId } from '../../src/identity/user-id.ts'
import type { Mail, Refusal, ResultAsync } from '../../src/index.ts'
import type { RecordKey } from '../../src/ports/storage.ts'
import {
  good,
  opened as openEntry,
  type TestService,
  type TestServiceOptions,
  type Told,
  testService,
  wholeTrail,
} from '../support/test-service.ts'
import { expectAllTrailsVerify } from '../support/trail-check.ts'
import { both, cheung, contents, lee, wong } from './model/support.ts'

/** The Client Connect users whom the host knows. */
export const staff = [cheung, wong, lee, both]

/** The participant of most tests. */
export const bank = 'B01234'

const opened: EservicesTestService[] = []

/** A test service with eServices. Its records and trails are verified after each test. */
export const eservicesTestService = (options: TestServiceOptions = {}): EservicesTestService => {
  const service = testService(options)
  opened.push(service)
  return service
}

export type EservicesTestService = TestService

/** The whole trail of a record, with its personal data. */
export const trailAt = async ({ storage }: Pick<EservicesTestService, 'storage'>, key: RecordKey) =>
  (await wholeTrail(storage, key)).map(openEntry)

afterEach(async () => {
  for (const each of opened.splice(0)) await expectAllTrailsVerify(each)
})

/** The mailbox of a test account. */
export const emailOf = (userId: string) => `${userId.toLowerCase()}@bank.example`

/** Registers accounts, each with its email, and sets the participant's maximum. */
export const withAccounts = async (o: EservicesTestService, userIds: readonly string[], maximum = 20) => {
  const { registry } = o.auth
  await good(registry.setMaximum({ participant: bank, maximum, by: hkexPartition }))
  for (const userId of userIds) {
    const { role } = parseUserId(userId)._unsafeUnwrap()
    await good(
      registry.register({ userId, role, origin: 'imported', email: emailOf(userId), by: hkexPartition }),
    )
  }
}

interface Filling {
  readonly form?: FormName
  readonly actor?: ClientConnectUser
  readonly filled?: Partial<EserviceContents>
}

/** Creates a draft with these lines. */
export const drafted = async (
  { auth }: EservicesTestService,
  lines: readonly EserviceLine[],
  { form = 'DA 3', actor = cheung, filled = {} }: Filling = {},
) => (await good(auth.eservices.draft({ actor, form, contents: { ...contents(...lines), ...filled } }))).id

/** Submits a form: it has its number and is ready for a checker. */
export const submitted = async (
  o: EservicesTestService,
  lines: readonly EserviceLine[],
  filling: Filling = {},
) => {
  const id = await drafted(o, lines, filling)
  await good(o.auth.eservices.submit({ actor: filling.actor ?? cheung, id, users: staff }))
  return id
}

/** Claims and confirms a form: it is with HKEX. */
export const sentOn = async ({ auth }: EservicesTestService, id: string, actor = wong) => {
  await good(auth.eservices.claim({ actor, id }))
  await good(auth.eservices.confirm({ actor, id }))
  return id
}

/** Creates a form with these lines that waits for HKEX. */
export const sent = async (
  o: EservicesTestService,
  lines: readonly EserviceLine[],
  filling: Filling = {},
) => {
  const id = await sentOn(o, await submitted(o, lines, filling))
  const { forms } = await good(o.auth.eservices.sent({}))
  const found = forms.find((form) => form.id === id)
  if (found === undefined) throw new Error('it does not wait')
  return found
}

/** Processes a form for HKEX. */
export const process = async (
  { auth }: Pick<EservicesTestService, 'auth'>,
  form: Awaited<ReturnType<typeof sent>>,
) => good(auth.eservices.process({ form, by: 'hkex.operator' }))

/** The outcome of each line, in one or two words. */
export const outcomes = (reports: Awaited<ReturnType<typeof process>>) =>
  reports.map(({ outcome }) =>
    outcome.kind === 'accepted' ? (outcome.userId ?? 'accepted') : `${outcome.reason} ${outcome.rule}`,
  )

const formKey = (id: string, participant = bank): RecordKey => ({ participant, kind: 'eservice', id })

/** The trail of a form. */
export const formTrail = (o: Pick<EservicesTestService, 'storage'>, id: string, participant = bank) =>
  trailAt(o, formKey(id, participant))

/** The last entry of a form's trail, if it is a refusal: actor, operation, reason and rule. */
export const lastRefusal = async (
  o: Pick<EservicesTestService, 'storage'>,
  id: string,
  participant = bank,
) => {
  const entry = (await formTrail(o, id, participant)).at(-1)
  const event = entry?.event as Told | undefined
  return event?.type === 'CommandRefused'
    ? `${entry?.actor} ${event['operation']} ${event['reason']} ${event.rule}`
    : undefined
}

/** A form as its participant sees it. */
export const viewed = ({ auth }: EservicesTestService, id: string, actor = cheung) =>
  good(auth.eservices.view({ actor, id }))

/** The result as text: `ok`, or the form's reason with its rule; for other refusals the code. */
export const answerOf = async (answer: ResultAsync<unknown, Refusal>) =>
  (await answer).match(
    () => 'ok',
    (refusal) => (refusal.code === 'form-refused' ? `${refusal.reason} ${refusal.rule}` : refusal.code),
  )

/** The mails about forms after all pending ones are delivered: recipient, purpose and form. */
export const told = async ({ auth, mailer }: EservicesTestService) => {
  await good(auth.outbox.deliver())
  const mails = mailer.mails.filter(
    (mail): mail is Extract<Mail, { type: 'eservice' }> => mail.type === 'eservice',
  )
  return mails.map(
    ({ to, notification, reference, status }) => `${to} ${notification} ${reference} ${status}`,
  )
}

/** Launch on 5 June 2023, after the tests' usual date, 2 May. */
export const timeline = { launch: Date.UTC(2023, 5, 5, 1) }

/** Takes a form from draft to completed, and returns the outcome of each line. */
export const run = async (o: EservicesTestService, lines: readonly EserviceLine[], filling: Filling = {}) =>
  outcomes(await process(o, await sent(o, lines, filling)))

/** The totals of the participant of most tests. */
export const totals = ({ auth }: EservicesTestService) => good(auth.registry.totals({ participant: bank }))
