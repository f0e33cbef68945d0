import type { ConformanceDriver } from './driver.ts'
import type { Code, Operation, SessionName, World } from './model/world.ts'

/** Something that a system opened: the name that the model has for it, and the system's own token. */
export interface Opened {
  readonly id: string
  readonly userId: string
  readonly by: Operation['op']
  readonly token: string
}

/** A code that was mailed. */
export interface MailedCode {
  readonly to: string
  readonly issuedBy: string
  readonly by: Operation['op'] | undefined
  readonly code: string
}

/** A code that a checker drew. */
export interface IssuedCode {
  readonly id: string
  readonly checker: string
  readonly request: string
  readonly code: string
}

/** What the system under test is known to hold, by the names that the model has for it. */
export interface Holdings {
  readonly driver: ConformanceDriver
  readonly world: World
  readonly challenges: Opened[]
  readonly sessions: { readonly name: SessionName; readonly token: string }[]
  readonly devices: { readonly id: string; readonly userId: string; readonly secret: string }[]
  readonly requests: { readonly id: string; readonly token: string }[]
  readonly issued: IssuedCode[]
  readonly passwords: { readonly userId: string; readonly password: string }[]
  /** The text of a code: what the holder types. */
  textOf(code: Code, digits: number): string | undefined
}
