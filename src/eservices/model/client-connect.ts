import * as z from 'zod'
import { isEmailAddress, isSameMailbox } from '../../fields/email-address.ts'
import { participantKey } from '../../fields/identifiers.ts'
import { personName } from '../../fields/person-name.ts'
import { lineOfText } from '../../fields/text.ts'
import type { ParticipantKey } from '../../identity/participant.ts'

/**
 * The access right without which a Client Connect user has no part in these forms.
 *
 * @rule ESV-01
 * @category eServices
 */
export const userMaintenanceRight = 'EU_UserMaintenance'

/**
 * What a Client Connect user may be in the workflow of a form; someone may be both, never on one form.
 *
 * @category eServices
 */
export type WorkflowRole = 'Maker' | 'Checker'

/**
 * A person as a form's steps are stamped with.
 *
 * @category eServices
 */
export interface ClientConnectPerson {
  /** The user name at Client Connect (an email address, or another name), 1–254 visible ASCII characters. */
  readonly id: string
  /** As the form shows it, e.g. `C Cheung`. */
  readonly name: string
  /** Where mail about the form goes. */
  readonly email: string
}

/**
 * A user of Client Connect, as the host knows them at the moment of acting. The host has logged them in; the
 * library takes its word for it.
 *
 * @rule ESV-01
 * @category eServices
 */
export interface ClientConnectUser extends ClientConnectPerson {
  /** The participant in whose name they act now, e.g. `B01234`. */
  readonly participant: ParticipantKey
  /** Access rights by name, e.g. `EU_UserMaintenance`. */
  readonly rights: readonly string[]
  readonly roles: readonly WorkflowRole[]
}

/**
 * The shape of a Client Connect user, strict. The characters of their user name and email are checked by the forms
 * themselves, so that anyone who is refused for it stands in the trail; both must be printable, as a trail keeps them.
 *
 * @rule API-01
 */
export const clientConnectUserShape: z.ZodType<ClientConnectUser> = z.strictObject({
  id: lineOfText(254),
  name: personName,
  email: lineOfText(254),
  participant: participantKey,
  rights: z.array(lineOfText(64)).max(1_000),
  roles: z.array(z.enum(['Maker', 'Checker'])).max(2),
})

const visibleAscii = /^[!-~]{1,254}$/

/**
 * Whether a person's user name is of visible ASCII characters alone, so that no look-alike, blank or invisible
 * character can pass one person off as two, and their email is an email address. Nothing is trimmed.
 *
 * @rule ESV-12
 */
export const isReadable = ({ id, email }: ClientConnectPerson): boolean =>
  visibleAscii.test(id) && isEmailAddress(email)

/** Text with the 26 ASCII capitals made small, and nothing else: a Kelvin sign stays one. */
const inLowerCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * Whether someone is who a form says its maker or claimant is: the same user name, ignoring case. This lets
 * someone act, so the email proves nothing here.
 */
export const isSamePerson = (one: ClientConnectPerson, other: ClientConnectPerson): boolean =>
  inLowerCase(one.id) === inLowerCase(other.id)

/**
 * Whether two may be one person: the same user name or the same mailbox, ignoring case. This keeps someone
 * from acting, so either is enough.
 *
 * @rule ESV-12
 * @rule ESV-15
 */
export const couldBeSamePerson = (one: ClientConnectPerson, other: ClientConnectPerson): boolean =>
  isSamePerson(one, other) || isSameMailbox(one.email, other.email)

/**
 * Whether a user may take a role on the forms of a participant: theirs, with the right and the role.
 *
 * @rule ESV-01
 * @rule ESV-15
 */
export const canAct = (role: WorkflowRole, user: ClientConnectUser, participant: ParticipantKey): boolean =>
  isReadable(user) &&
  user.participant === participant &&
  user.rights.includes(userMaintenanceRight) &&
  user.roles.includes(role)

/** The person of a user: what a form keeps of them. */
export const personOf = ({ id, name, email }: ClientConnectUser): ClientConnectPerson => ({ id, name, email })
