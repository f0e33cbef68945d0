/**
 * Refuses unknown options of an adapter. Otherwise a misspelled name would silently leave a default in force.
 *
 * @param adapter - the name of the function that takes the options, for the error.
 * @param options - what the host passed.
 * @param known - all valid names.
 * @throws TypeError if the options are not an object or contain another name. The error contains the name,
 * never its value.
 *
 * @rule AUD-04
 */
export const checkOptionNames = (adapter: string, options: unknown, known: readonly string[]): void => {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`${adapter}: the options must be an object`)
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new TypeError(
        `${adapter}: unknown option ${JSON.stringify(name)}; the options are ${known.join(', ')}`,
      )
}

/**
 * Checks that a value is a whole number within bounds.
 *
 * @throws RangeError that names the option and the allowed range.
 */
export const wholeNumber = (option: string, value: number, min: number, max: number): number => {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new RangeError(`${option} must be a whole number from ${min} to ${max}, got ${String(value)}`)
  return value
}
