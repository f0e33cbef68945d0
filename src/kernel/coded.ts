/** Data that a stable code tells apart from others: a refusal, say. */
export interface Coded {
  readonly code: string
}

/** The members of a union of refusals with one of these codes. */
export type WithCode<Union extends Coded, Code extends Union['code']> = Extract<
  Union,
  { readonly code: Code }
>
