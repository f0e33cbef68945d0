import { canonicalJson } from '../kernel/canonical-json.ts'
import { isOneOf } from '../kernel/membership.ts'
import {
  type ErasedThrough,
  type PersonalDataKind,
  type PersonalReference,
  personalDataKinds,
} from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'
import { digest } from './trail-hash.ts'
import { credentialIdOf } from './vault.ts'

/** The fields of a record's events and states that hold personal data, by field name. */
export type PersonalFields = Readonly<Record<string, PersonalDataKind>>

/** Openings by the digest that refers to them. */
export type Openings = Readonly<Record<string, string>>

/** The openings of one trail entry, by kind. */
export type EntryOpenings = Readonly<Partial<Record<PersonalDataKind, Openings>>>

/**
 * A record whose personal data were erased.
 *
 * @category Personal data
 */
export interface ErasedRecord {
  readonly record: RecordKey
  /** The last erased entry for each kind of personal data. */
  readonly through: ErasedThrough
}

/**
 * The text that replaces an erased value.
 *
 * @category Audit trail
 */
export const erasedValue = '[erased]'

/** The prefix of every opening; a different format gets a different number. */
const format = 'ccass-2fa/personal/1'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isKind = /* @__PURE__ */ isOneOf(personalDataKinds)

/** Whether a value is a reference to personal data. */
export const isPersonalReference = (value: unknown): value is PersonalReference =>
  isFields(value) &&
  isKind(value['personal']) &&
  typeof value['digest'] === 'string' &&
  Object.keys(value).length === 2

/** The value in an opening; `undefined` if the text is not an opening. */
const valueIn = (opening: string | undefined): unknown => {
  if (opening === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(opening)
    return Array.isArray(parsed) && parsed[0] === format ? parsed[2] : undefined
  } catch {
    return undefined
  }
}

/**
 * Generates salts for the values of one commit from one random seed, which is not stored: a salt reveals
 * nothing about another.
 *
 * @param seed - 32 random bytes in hex.
 */
export const saltsFrom = (seed: string): (() => string) => {
  let drawn = 0
  return () => digest(`${format} salt ${seed} ${drawn++}`).slice(0, 32)
}

/**
 * Replaces personal values by references, which are salted digests. It replaces only text in the named fields
 * and below them.
 *
 * @rule PRI-02
 */
export const sealer = (salt: () => string) => {
  const openings: Partial<Record<PersonalDataKind, Record<string, string>>> = {}
  const seal = (kind: PersonalDataKind, value: unknown): PersonalReference => {
    const opening = canonicalJson([format, salt(), value])
    const name = credentialIdOf(opening)
    openings[kind] = { ...openings[kind], [name]: opening }
    return { personal: kind, digest: name }
  }
  // The casts: sealed data has the type of the data that it stands for, with references where there were texts. What
  // reads a personal value unseals it before.
  const sealFields = <T>(value: T, fields: PersonalFields, kind?: PersonalDataKind): T => {
    if (typeof value === 'string') return (kind === undefined ? value : seal(kind, value)) as T
    if (Array.isArray(value)) return value.map((each) => sealFields(each, fields, kind)) as T
    if (!isFields(value)) return value
    const sealed: Record<string, unknown> = {}
    for (const [name, member] of Object.entries(value))
      sealed[name] = sealFields(member, fields, Object.hasOwn(fields, name) ? fields[name] : kind)
    return sealed as T
  }
  return { seal, sealFields, openings: (): EntryOpenings => openings }
}

/**
 * Replaces references by their values, or by {@link erasedValue} if a value is missing. Data without
 * references is returned unchanged.
 *
 * @rule PRI-02
 */
export const unseal = <T>(value: T, openings: Openings): T => {
  // The casts: what was sealed from a T becomes one again; erased values are texts in place of texts.
  if (!isFields(value)) return value
  if (isPersonalReference(value)) return (valueIn(openings[value.digest]) ?? erasedValue) as T
  if (Array.isArray(value)) {
    const opened = value.map((each) => unseal(each, openings))
    return (opened.some((each, i) => each !== value[i]) ? opened : value) as T
  }
  let opened: Record<string, unknown> | undefined
  for (const name of Object.keys(value)) {
    const member = value[name]
    const other = unseal(member, openings)
    if (other === member) continue
    opened ??= { ...value }
    opened[name] = other
  }
  // As above.
  return (opened ?? value) as T
}

const collectReferences = (value: object, found: PersonalReference[]): PersonalReference[] => {
  if (isPersonalReference(value)) found.push(value)
  else for (const member of Object.values(value)) if (isFields(member)) collectReferences(member, found)
  return found
}

/** The references in a value, once for each occurrence. */
export const personalReferences = (value: unknown): readonly PersonalReference[] =>
  isFields(value) ? collectReferences(value, []) : []

/** All openings of an entry, of all kinds. */
export const openingsOf = (personal: EntryOpenings | undefined): Openings =>
  Object.assign({}, ...Object.values(personal ?? {}))
