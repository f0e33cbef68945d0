/**
 * JSON with the keys of every object in order, so that equal data has one text, regardless of what a database did
 * to its order: RFC 8785 for everything that JSON can hold. Keys whose value is `undefined` are left out, as JSON
 * does. Numbers beyond JSON's, as a parser makes of `1e400`, keep a name of their own: they are not `null`.
 */
export const canonicalJson = (value: unknown): string => {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const object = value as Readonly<Record<string, unknown>>
  let members = ''
  for (const key of Object.keys(object).sort()) {
    const member = object[key]
    if (member !== undefined) members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}
