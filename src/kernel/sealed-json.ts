/**
 * The JSON value in an opened text; `undefined` if it is not JSON. A text that another program sealed under the same key
 * is then refused like an invented one.
 *
 * @rule ACC-15
 * @rule DMS-14
 */
export const jsonOf = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
