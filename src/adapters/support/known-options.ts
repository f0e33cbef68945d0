/**
 * Refuses options that an adapter does not know: a misspelled name would leave a default in force, silently.
 *
 * @param adapter - the function that takes the options, as the error names it.
 * @param options - what the host passed.
 * @param known - every name that there is.
 * @throws TypeError for what is not an object, or has another name; the error names it, never its value.
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
 * A whole number within bounds.
 *
 * @throws RangeError naming the option and what is allowed.
 */
export const wholeNumber = (option: string, value: number, min: number, max: number): number => {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new RangeError(`${option} must be a whole number from ${min} to ${max}, got ${String(value)}`)
  return value
}
