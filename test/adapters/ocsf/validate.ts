/** Validates events against what the OCSF schema says of their classes. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

/** One attribute of a class or object. */
export interface Attribute {
  /** `string_t`, `integer_t`, `long_t`, `boolean_t`, `json_t`, or the name of an object. */
  readonly type: string
  readonly required?: true
  readonly array?: true
  /** Allowed values, with their captions. */
  readonly values?: Readonly<Record<string, string>>
  /** The attribute that holds the caption of this one's value. */
  readonly sibling?: string
  /** The name of a format that {@link formats} checks. */
  readonly format?: string
  readonly maxLength?: number
}

/** A class or an object. */
export interface Shape {
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly constraints?: Readonly<Record<string, readonly string[]>>
}

/** The contents of `schema.json`. */
export interface Facts {
  readonly source: string
  readonly licence: string
  readonly version: string
  readonly classes: Readonly<Record<string, Shape & { readonly caption: string }>>
  readonly objects: Readonly<Record<string, Shape>>
  /** SHA-256 of each file of the schema that was read. */
  readonly digests: Readonly<Record<string, string>>
}

export const facts: Facts = JSON.parse(readFileSync(new URL('schema.json', import.meta.url), 'utf8'))

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  email_t: (text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text),
  ip_t: (text) => isIP(text) !== 0,
  mac_t: (text) => /^([\da-f]{2}[:-]){5}[\da-f]{2}$/i.test(text),
  uuid_t: (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text),
}

type Data = Readonly<Record<string, unknown>>

const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checkValue = (value: unknown, attribute: Attribute, at: string): readonly string[] => {
  const { type, values, format, maxLength } = attribute
  const wrong = [`${at}: not ${type}`]
  if (type === 'string_t') {
    if (typeof value !== 'string') return wrong
    if (format !== undefined && formats[format]?.(value) !== true) return [`${at}: not ${format}`]
    return maxLength !== undefined && value.length > maxLength ? [`${at}: too long`] : []
  }
  if (type === 'integer_t' || type === 'long_t') {
    if (!Number.isSafeInteger(value)) return wrong
    return values !== undefined && !(String(value) in values) ? [`${at}: ${value} is no value of it`] : []
  }
  if (type === 'boolean_t') return typeof value === 'boolean' ? [] : wrong
  if (type === 'object') return isData(value) ? [] : wrong
  const shape = facts.objects[type]
  if (shape === undefined) return [`${at}: no facts of ${type}`]
  return isData(value) ? checkShape(value, shape, at) : wrong
}

const checkConstraint = (data: Data, kind: string, names: readonly string[], at: string) => {
  const count = names.filter((name) => data[name] !== undefined).length
  const holds = kind === 'just_one' ? count === 1 : kind === 'at_least_one' && count >= 1
  return holds ? [] : [`${at}: ${kind} of ${names.join(', ')}`]
}

const checkShape = (data: Data, { attributes, constraints = {} }: Shape, at: string): readonly string[] => [
  ...Object.entries(attributes)
    .filter(([name, { required }]) => required === true && data[name] === undefined)
    .map(([name]) => `${at}.${name}: missing`),
  ...Object.entries(constraints).flatMap(([kind, names]) => checkConstraint(data, kind, names, at)),
  ...Object.entries(data).flatMap(([name, value]) => {
    const here = `${at}.${name}`
    const attribute = attributes[name]
    if (attribute === undefined) return [`${here}: unknown`]
    if (attribute.array !== true)
      return [...checkValue(value, attribute, here), ...checkSibling(data, name, attribute, at)]
    if (!Array.isArray(value)) return [`${here}: no array`]
    return value.flatMap((each, index) => checkValue(each, attribute, `${here}[${index}]`))
  }),
]

/** The caption stands beside the value; of 99 (Other) the source's own name. */
const checkSibling = (data: Data, name: string, { sibling, values }: Attribute, at: string) => {
  const caption = values?.[String(data[name])]
  const told = sibling === undefined ? undefined : data[sibling]
  if (told === undefined || caption === undefined || data[name] === 99) return []
  return told === caption ? [] : [`${at}.${sibling}: not the caption ${caption}`]
}

/** What is wrong with an event; nothing for a valid one. */
export const problemsOf = (event: unknown): readonly string[] => {
  if (!isData(event)) return ['no object']
  const { class_uid, activity_id, type_uid, type_name, metadata } = event
  const shape = facts.classes[String(class_uid)]
  if (shape === undefined) return [`class_uid: no facts of ${String(class_uid)}`]
  const activity = shape.attributes['activity_id']?.values?.[String(activity_id)]
  const same = (name: string, value: unknown, expected: unknown) =>
    value === expected ? [] : [`${name}: ${String(value)} instead of ${String(expected)}`]
  return [
    ...checkShape(event, shape, 'event'),
    ...same('type_uid', type_uid, Number(class_uid) * 100 + Number(activity_id)),
    ...same('type_name', type_name, `${shape.caption}: ${activity}`),
    ...same('metadata.version', isData(metadata) ? metadata['version'] : undefined, facts.version),
  ]
}
