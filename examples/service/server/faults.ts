import type { ReportedError } from 'ccass-2fa'

/** What of a fault may stand in a log. */
export interface LoggedFault {
  readonly port: string
  /** E.g. `DatabaseError`. */
  readonly error: string
  /** E.g. `ECONNREFUSED`, or PostgreSQL's `57P01`. */
  readonly code?: string
  /** Where it was thrown. */
  readonly at?: readonly string[]
}

const field = (error: unknown, name: 'name' | 'code' | 'stack'): string | undefined => {
  const value =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/**
 * A fault, fit to be logged. An error comes from a driver, and its message may hold what the driver was
 * given: a row, a parameter, an address. So neither message nor cause is taken: its name, its code if that
 * looks like one, and the places in the program.
 */
export const loggedFault = ({ port, error }: ReportedError): LoggedFault => {
  const [name, code] = [field(error, 'name'), field(error, 'code')]
  const at = field(error, 'stack')
    ?.split('\n')
    .filter((line) => /^ {4}at [\w.<>[\] ]*\(?(file:|node:|\/|[A-Z]:\\)/.test(line))
    .slice(0, 5)
    .map((line) => line.trim())
  return {
    port,
    error: name !== undefined && /^\w{1,64}$/.test(name) ? name : typeof error,
    ...(code !== undefined && /^[A-Z0-9_]{1,32}$/.test(code) ? { code } : {}),
    ...(at === undefined || at.length === 0 ? {} : { at }),
  }
}
