/**
 * Converts the 26 ASCII capitals to lower case and nothing else. Texts from outside are compared with this and
 * not with `toLowerCase`, which would make a Kelvin sign (U+212A) a `k`.
 *
 * @rule MIG-24
 */
export const asciiLowerCase = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

/**
 * Converts the 26 ASCII small letters to capitals and nothing else. `toUpperCase` would make a long s (U+017F)
 * an `S`, and a dotless i (U+0131) an `I`.
 *
 * @rule MIG-24
 */
export const asciiUpperCase = (text: string): string =>
  text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
