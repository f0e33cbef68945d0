import type { ConformanceDriver } from './driver.ts'
import type { Code, ModelState, Operation, SessionName } from './model/model-state.ts'

/** Something that a system opened: the model's name for it, and the system's token. */
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

/** An Authorisation Code that a checker received. */
export interface IssuedCode {
  readonly id: string
  readonly checker: string
  readonly request: string
  readonly code: string
}

/** What the system under test has issued so far, by the model's names. */
export interface Holdings {
  readonly driver: ConformanceDriver
  readonly model: ModelState
  readonly challenges: Opened[]
  readonly sessions: { readonly name: SessionName; readonly token: string }[]
  readonly devices: { readonly id: string; readonly userId: string; readonly secret: string }[]
  readonly requests: { readonly id: string; readonly token: string }[]
  readonly issued: IssuedCode[]
  readonly passwords: { readonly userId: string; readonly password: string }[]
  /** The text of a code, as the holder enters it. */
  textOf(code: Code, digits: number): string | undefined
}
