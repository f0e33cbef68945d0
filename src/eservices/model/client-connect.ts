import * as z from 'zod'
import { isEmailAddress, isSameMailbox } from '../../fields/email-address.ts'
import { participantKey } from '../../fields/identifiers.ts'
import { personName } from '../../fields/person-name.ts'
import { lineOfText } from '../../fields/text.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import { asciiLowerCase } from '../../kernel/ascii-case.ts'

/**
 * The access right that a Client Connect user needs for these forms.
 *
 * @rule ESV-01
 * @category eServices
 */
export const userMaintenanceRight = 'EU_UserMaintenance'

/**
 * The role of a Client Connect user in the workflow of a form. A user can have both roles, but not on one
 * form.
 *
 * @category eServices
 */
export type WorkflowRole = 'Maker' | 'Checker'

/**
 * A Client Connect user as recorded with each step of a form.
 *
 * @category eServices
 */
export interface ClientConnectPerson {
  /** The Client Connect user name (an email address or another name), 1–254 visible ASCII characters. */
  readonly id: string
  /** The name that the form shows, e.g. `C Cheung`. */
  readonly name: string
  /** The address for mail about the form. */
  readonly email: string
}

/**
 * A Client Connect user, as the host knows them at the moment of the call. The host has signed them in; the
 * library trusts what it passes.
 *
 * @rule ESV-01
 * @category eServices
 */
export interface ClientConnectUser extends ClientConnectPerson {
  /** The participant that the user now acts for, e.g. `B01234`. */
  readonly participant: ParticipantKey
  /** Access rights by name, e.g. `EU_UserMaintenance`. */
  readonly rights: readonly string[]
  readonly roles: readonly WorkflowRole[]
}

/**
 * The strict schema of a Client Connect user. User name and email must be printable here, because the trail
 * stores them. The forms check their exact characters, so that the refusal is recorded in the trail.
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
 * Whether a person's user name consists of visible ASCII characters and their email is an email address.
 * Without look-alike, blank or invisible characters, one person cannot pass as two. Nothing is trimmed.
 *
 * @rule ESV-12
 */
export const isReadable = ({ id, email }: ClientConnectPerson): boolean =>
  visibleAscii.test(id) && isEmailAddress(email)

/**
 * Whether a user is the maker or claimant that a form names: the user names are equal, ignoring case. This
 * check grants authority, so an equal email is not sufficient.
 */
export const isSamePerson = (one: ClientConnectPerson, other: ClientConnectPerson): boolean =>
  asciiLowerCase(one.id) === asciiLowerCase(other.id)

/**
 * Whether two users could be one person: the user names or the mailboxes are equal, ignoring case. This check
 * denies authority, so either is sufficient.
 *
 * @rule ESV-12
 * @rule ESV-15
 */
export const couldBeSamePerson = (one: ClientConnectPerson, other: ClientConnectPerson): boolean =>
  isSamePerson(one, other) || isSameMailbox(one.email, other.email)

/**
 * Whether a user can take a role on the forms of a participant: it is their own, and they have the right and
 * the role.
 *
 * @rule ESV-01
 * @rule ESV-15
 */
export const canAct = (role: WorkflowRole, user: ClientConnectUser, participant: ParticipantKey): boolean =>
  isReadable(user) &&
  user.participant === participant &&
  user.rights.includes(userMaintenanceRight) &&
  user.roles.includes(role)

/** The part of a user that a form records. */
export const personOf = ({ id, name, email }: ClientConnectUser): ClientConnectPerson => ({ id, name, email })
