/** The text of a value without members; `undefined` for an array or object. */
const scalarText = (value: unknown): string | undefined => {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return typeof value === 'object' && value !== null ? undefined : (JSON.stringify(value) ?? 'null')
}

type Members = Readonly<Record<string, unknown>>

/**
 * Serialises a value as JSON with sorted keys (RFC 8785), so that equal data has equal text, even if a
 * database changed the order of keys. Keys with the value `undefined` are omitted, as in JSON. Numbers beyond
 * JSON's range, which a parser makes of `1e400`, get a separate name instead of `null`.
 *
 * @rule AUD-02
 */
export const canonicalJson = (value: unknown): string => {
  const scalar = scalarText(value)
  if (scalar !== undefined) return scalar
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  // Every object can be read by name.
  const object = value as Members
  let members = ''
  for (const key of Object.keys(object).sort()) {
    const member = object[key]
    if (member !== undefined) members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

const definedMembers = (object: Members): number =>
  Object.keys(object).filter((name) => object[name] !== undefined).length

/** Whether two values have the same {@link canonicalJson}, without writing it. */
export const isSameJson = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  const [text, otherText] = [scalarText(one), scalarText(other)]
  if (text !== undefined || otherText !== undefined) return text === otherText
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, i) => isSameJson(item, other[i]))
    )
  // Both are objects and no arrays: the compiler does not remember that of two values at once.
  const [left, right] = [one as Members, other as Members]
  for (const name of Object.keys(left)) {
    const member = left[name]
    if (
      member !== undefined &&
      !(Object.hasOwn(right, name) && right[name] !== undefined && isSameJson(member, right[name]))
    )
      return false
  }
  return definedMembers(left) === definedMembers(right)
}
