import { err, ok, type Result } from 'neverthrow'
import { asciiUpperCase } from '../kernel/ascii-case.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { GroupDigit, ParticipantKey, ParticipantType } from './participant.ts'
import type { IdentityRefusal } from './refusals.ts'
import type { Role } from './role.ts'

/**
 * A User ID in canonical form: 8 capital letters and digits in one of the known formats.
 *
 * @category Identifiers
 */
export type UserId = string & { readonly __brand: 'UserId' }

/**
 * The position of the group digit in SEOCH's DA IDs: before the letter, as in the briefing's example, or
 * after it, as in its text (ID-06).
 *
 * @category Identifiers
 */
export type SeochOrder = 'as-example' | 'as-written'

/**
 * The parts of a parsed User ID.
 *
 * @category Identifiers
 */
export interface ParsedUserId {
  /** The canonical form. */
  readonly userId: UserId
  /**
   * The role that the suffix suggests. An old user's ID can look like a DA's (ID-09); only the account's
   * record is certain.
   */
  readonly role: Role
  /** `B01234`, `BNK999`; for HKCC and SEOCH the three characters, e.g. `ABC`. */
  readonly participantId: string
  /** Every participant type with this format: HKSCC or DB, or both HKCC and SEOCH (ID-10). */
  readonly types: readonly ParticipantType[]
  /** The group digit of an HKCC or SEOCH ID. */
  readonly group?: GroupDigit
  /** The suffix that is unique to the account: two characters, e.g. `01`, `X1`. */
  readonly suffix: string
  /** The participant's key, e.g. `HKABC`. */
  readonly participant: ParticipantKey
}

/**
 * The parts from which {@link formatUserId} builds a User ID.
 *
 * @category Identifiers
 */
export interface UserIdParts {
  readonly type: ParticipantType
  readonly role: Role
  readonly participantId: string
  /** Required for HKCC and SEOCH, absent for the others. */
  readonly group?: GroupDigit
  readonly suffix: string
}

/**
 * One row of the format table: the format of the IDs of one participant type and role.
 *
 * @category Identifiers
 */
export interface UserIdFormat {
  readonly type: ParticipantType
  readonly role: Role
  readonly rule: RuleId
  /** The order of the parts. */
  readonly parts: readonly ('HK' | 'participantId' | 'group' | 'suffix' | 'letter' | 'number')[]
  readonly example: string
  /** The interpretation of ID-06 to which the row applies; absent: both. */
  readonly seochOrder?: SeochOrder
}

const plain = ['participantId', 'suffix'] as const
const grouped = ['HK', 'participantId', 'group', 'suffix'] as const

/**
 * The format table, by participant type and role.
 *
 * @rule ID-02
 * @rule ID-03
 * @rule ID-04
 * @rule ID-05
 * @rule ID-06
 * @category Identifiers
 */
export const userIdFormats: readonly UserIdFormat[] = [
  { type: 'HKSCC', role: 'DelegatedAdministrator', rule: 'ID-02', parts: plain, example: 'B01234X1' },
  { type: 'HKSCC', role: 'User', rule: 'ID-02', parts: plain, example: 'B0123401' },
  { type: 'DB', role: 'DelegatedAdministrator', rule: 'ID-03', parts: plain, example: 'BNK999X1' },
  { type: 'DB', role: 'User', rule: 'ID-03', parts: plain, example: 'BNK99901' },
  { type: 'HKCC', role: 'DelegatedAdministrator', rule: 'ID-04', parts: grouped, example: 'HKABC1X1' },
  { type: 'HKCC', role: 'User', rule: 'ID-04', parts: grouped, example: 'HKABC101' },
  {
    type: 'SEOCH',
    role: 'DelegatedAdministrator',
    rule: 'ID-06',
    parts: grouped,
    example: 'HKABC2X1',
    seochOrder: 'as-example',
  },
  {
    type: 'SEOCH',
    role: 'DelegatedAdministrator',
    rule: 'ID-06',
    parts: ['HK', 'participantId', 'letter', 'group', 'number'],
    example: 'HKABCX21',
    seochOrder: 'as-written',
  },
  { type: 'SEOCH', role: 'User', rule: 'ID-05', parts: grouped, example: 'HKABC201' },
]

const patternOf = {
  HK: 'HK',
  group: '(?<group>[1-4])',
  letter: '(?<letter>[XYZ])',
  number: '(?<number>[1-9])',
}

/**
 * @rule ID-02
 * @rule ID-07
 */
const participantIdPattern: Record<ParticipantType, string> = {
  HKSCC: '[A-Z][0-9]{5}',
  DB: 'BNK[0-9]{3}',
  HKCC: '[A-Z0-9]{3}',
  SEOCH: '[A-Z0-9]{3}',
}
/**
 * @rule ID-02
 * @rule ID-07
 */
const suffixPattern: Record<Role, string> = { DelegatedAdministrator: '[XYZ][1-9]', User: '[A-Z0-9]{2}' }

const shapeOf = ({ type, role, parts }: UserIdFormat) => {
  const of = (part: (typeof parts)[number]) => {
    if (part === 'participantId') return `(?<participantId>${participantIdPattern[type]})`
    if (part === 'suffix') return `(?<suffix>${suffixPattern[role]})`
    return patternOf[part]
  }
  return new RegExp(`^${parts.map(of).join('')}$`)
}

const shapes: readonly { readonly format: UserIdFormat; readonly shape: RegExp }[] =
  /* @__PURE__ */ userIdFormats.map((format) => ({ format, shape: shapeOf(format) }))

const malformed = (
  rule: WithCode<IdentityRefusal, 'malformed-user-id'>['rule'],
  problem: WithCode<IdentityRefusal, 'malformed-user-id'>['problem'],
) => err({ code: 'malformed-user-id', rule, problem } as const)

/**
 * Whether two characters look like a Delegated Administrator's suffix: X, Y or Z and a digit 1–9 (ID-09).
 *
 * @rule ID-09
 * @category Identifiers
 */
export const looksLikeAdministrator = (suffix: string): boolean => /^[XYZ][1-9]$/.test(suffix)

interface FormatMatch {
  readonly format: UserIdFormat
  readonly parts: Readonly<Record<string, string | undefined>>
}

/** The named parts of a text in a format. */
const partsIn = (text: string, shape: RegExp): FormatMatch['parts'] | undefined => shape.exec(text)?.groups

/** Every row of the table that a canonical text matches. */
const formatMatches = (userId: string, seochOrder: SeochOrder): readonly FormatMatch[] =>
  shapes.flatMap(({ format, shape }) => {
    if (format.seochOrder !== undefined && format.seochOrder !== seochOrder) return []
    const parts = partsIn(userId, shape)
    return parts ? [{ format, parts }] : []
  })

/** Combines the matching rows of one role, which differ only in participant type. */
const readAs = (role: Role, userId: UserId, matches: readonly FormatMatch[]): ParsedUserId | undefined => {
  const ofRole = matches.filter(({ format }) => format.role === role)
  const [first] = ofRole
  if (first === undefined) return undefined
  const { participantId = '', group, suffix, letter, number } = first.parts
  return {
    userId,
    role,
    participantId,
    types: ofRole.map(({ format }) => format.type),
    // The shape that matched has digits of groups alone.
    ...(group === undefined ? {} : { group: group as GroupDigit }),
    suffix: suffix ?? `${letter}${number}`,
    participant: first.format.parts.includes('HK') ? `HK${participantId}` : participantId,
  }
}

const canonical = (text: string): Result<UserId, WithCode<IdentityRefusal, 'malformed-user-id'>> => {
  if (typeof text !== 'string' || text.length !== 8) return malformed('ID-01', 'length')
  // Its characters are those of a User ID; whether it has the shape of one, the callers test.
  return /[^A-Za-z0-9]/.test(text) ? malformed('ID-08', 'characters') : ok(asciiUpperCase(text) as UserId)
}

/**
 * Parses a User ID. Lower case is accepted and converted to capitals; nothing is trimmed.
 *
 * @param text - 8 characters.
 * @param seochOrder - the interpretation of ID-06 to apply.
 * @returns the parts of the ID; or `malformed-user-id`: not 8 characters (ID-01), characters other than ASCII
 * letters and digits (ID-08), or the format of no participant type (ID-07).
 * @example
 * ```ts
 * parseUserId('HKABC2X1') // role DelegatedAdministrator, participantId ABC, types [HKCC, SEOCH]
 * ```
 * @rule ID-01
 * @rule ID-08
 * @rule ID-10
 * @category Identifiers
 */
export const parseUserId = (
  text: string,
  seochOrder: SeochOrder = 'as-example',
): Result<ParsedUserId, WithCode<IdentityRefusal, 'malformed-user-id'>> =>
  canonical(text).andThen((userId) => {
    const matches = formatMatches(userId, seochOrder)
    // A DA's suffix is also two letters or digits, so if a DA's row matches, the users' rows add nothing.
    const parsed = readAs('DelegatedAdministrator', userId, matches) ?? readAs('User', userId, matches)
    return parsed === undefined ? malformed('ID-07', 'shape') : ok(parsed)
  })

/**
 * Formats a User ID, also a user's that looks like an administrator's.
 *
 * @rule ID-07
 */
export const printUserId = (
  parts: UserIdParts,
  seochOrder: SeochOrder,
): Result<UserId, WithCode<IdentityRefusal, 'malformed-user-id'>> => {
  const { participantId, suffix } = parts ?? {}
  if (typeof participantId !== 'string' || typeof suffix !== 'string' || suffix.length !== 2)
    return malformed('ID-07', 'shape')
  const row = shapes.find(
    ({ format: { type, role, seochOrder: order } }) =>
      type === parts.type && role === parts.role && (order === undefined || order === seochOrder),
  )
  if (row === undefined || row.format.parts.includes('group') !== (parts.group !== undefined))
    return malformed('ID-07', 'shape')
  const values = {
    HK: 'HK',
    participantId,
    group: parts.group,
    suffix,
    letter: suffix.slice(0, 1),
    number: suffix.slice(1),
  }
  const printed = row.format.parts.map((part) => values[part]).join('')
  // Each part must parse back as it was passed, so that no character moves from one part to the next. What has the
  // shape of a format is a User ID.
  return partsIn(printed, row.shape)?.['participantId'] === participantId
    ? ok(printed as UserId)
    : malformed('ID-07', 'shape')
}

/**
 * Formats a User ID from its parts.
 *
 * @returns the ID; or `malformed-user-id` if a part is invalid for the type and role (ID-07), or
 * `looks-like-administrator` if a user's suffix looks like a DA's (ID-09).
 * @rule ID-02
 * @rule ID-03
 * @rule ID-04
 * @rule ID-05
 * @rule ID-06
 * @category Identifiers
 */
export const formatUserId = (
  parts: UserIdParts,
  seochOrder: SeochOrder = 'as-example',
): Result<UserId, WithCode<IdentityRefusal, 'malformed-user-id' | 'looks-like-administrator'>> =>
  printUserId(parts, seochOrder).andThen((userId) =>
    parts.role === 'User' && looksLikeAdministrator(parts.suffix)
      ? err({ code: 'looks-like-administrator', rule: 'ID-09' } as const)
      : ok(userId),
  )

/**
 * A User ID validated for an account, with its warnings.
 *
 * @category Identifiers
 */
export interface ValidatedUserId extends ParsedUserId {
  /** `looks-like-administrator`: an old user's ID that looks like a DA's (ID-09). */
  readonly warnings: readonly 'looks-like-administrator'[]
}

/**
 * Validates a User ID for a new or an imported account of a given role.
 *
 * @returns the ID, with the given `role`; or `malformed-user-id`, also if a DA's ID has no DA's suffix; or
 * `looks-like-administrator` for a user's on creation (on import it is a warning).
 * @rule ID-09
 * @rule ID-11
 * @category Identifiers
 */
export const validateUserId = (
  text: string,
  role: Role,
  origin: 'created' | 'imported',
  seochOrder: SeochOrder = 'as-example',
): Result<ValidatedUserId, WithCode<IdentityRefusal, 'malformed-user-id' | 'looks-like-administrator'>> =>
  canonical(text).andThen((userId) => {
    const parsed = readAs(role, userId, formatMatches(userId, seochOrder))
    if (parsed === undefined) return malformed('ID-07', 'shape')
    if (role === 'DelegatedAdministrator' || !looksLikeAdministrator(parsed.suffix))
      return ok({ ...parsed, warnings: [] })
    return origin === 'imported'
      ? ok({ ...parsed, warnings: ['looks-like-administrator'] as const })
      : err({ code: 'looks-like-administrator', rule: 'ID-09' } as const)
  })
