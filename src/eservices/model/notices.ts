import { isSameMailbox } from '../../fields/email-address.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type ClientConnectUser, canAct, couldBeSamePerson } from './client-connect.ts'
import type { EserviceEvent } from './events.ts'
import type { FormName } from './forms.ts'
import type { EserviceReference } from './reference.ts'
import { type Eservice, type EserviceStatus, statusByStage } from './state.ts'

/**
 * A mail about a form. An adapter supplies the wording.
 *
 * @rule ESV-08
 * @category eServices
 */
export interface EserviceNotice {
  readonly type: 'eservice'
  /** The recipient's email address. */
  readonly to: string
  readonly reference: EserviceReference
  readonly form: FormName
  readonly participant: ParticipantKey
  readonly status: EserviceStatus
  readonly notification: 'for-action' | 'for-reference'
  /** Who took the last step: a person's name, or `HKEX`. */
  readonly processedBy: string
  /** When the step was taken. */
  readonly at: Instant
}

const onceEach = (addresses: readonly string[]) =>
  addresses.filter((address, i) => addresses.findIndex((other) => isSameMailbox(other, address)) === i)

/**
 * The mails that a form's events require: after submission one "for action" to each checker who can claim it;
 * after completion one "for reference" to its maker and one to its checker. Other steps require none.
 *
 * @param eservice - the form after the events.
 * @param users - the participant's Client Connect users, as far as the host knows them; only those who can
 * check this form receive mail.
 * @rule ESV-08
 * @category eServices
 */
export const eserviceNotices = (
  eservice: Eservice,
  events: readonly EserviceEvent[],
  users: readonly ClientConnectUser[],
): readonly EserviceNotice[] => {
  if (!('reference' in eservice) || eservice.reference === undefined) return []
  const { form, participant, maker, reference } = eservice
  const common = { type: 'eservice', reference, form, participant } as const
  return events.flatMap((event): readonly EserviceNotice[] => {
    if (event.type === 'FormSubmitted') {
      const checkers = users.filter(
        (user) => canAct('Checker', user, participant) && !couldBeSamePerson(user, maker),
      )
      return onceEach(checkers.map(({ email }) => email)).map((to) => ({
        ...common,
        to,
        status: statusByStage.ReadyToSend,
        notification: 'for-action',
        processedBy: event.by.name,
        at: event.at,
      }))
    }
    if (event.type !== 'FormCompleted' || eservice.stage !== 'Completed') return []
    return onceEach([maker.email, eservice.checker.email]).map((to) => ({
      ...common,
      to,
      status: statusByStage.Completed,
      notification: 'for-reference',
      processedBy: 'HKEX',
      at: event.at,
    }))
  })
}
