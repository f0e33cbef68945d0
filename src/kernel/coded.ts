/** Data identified by a stable code, for example a refusal. */
export interface Coded {
  readonly code: string
}

/** The members of a union that have one of these codes. */
export type WithCode<Union extends Coded, Code extends Union['code']> = Extract<
  Union,
  { readonly code: Code }
>
