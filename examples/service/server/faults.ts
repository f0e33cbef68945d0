import type { ReportedError } from 'ccass-2fa'

/** The parts of an error that may be logged. */
export interface LoggedFault {
  readonly port: string
  /** For example `DatabaseError`. */
  readonly error: string
  /** For example `ECONNREFUSED`, or PostgreSQL's `57P01`. */
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
 * Reduces an error to what may be logged. Errors come from drivers, and their messages may contain what the
 * driver received: a row, a parameter, an address. Message and cause are therefore left out. What remains is
 * the name, the code if it has the form of one, and the locations in the program.
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
