/**
 * Refusals of a timeline.
 *
 * @rule MIG-02
 */
export type TimelineRefusal =
  /** Dates of the transition are invalid or inconsistent; lists every invalid date. */
  {
    readonly code: 'timeline-invalid'
    readonly rule: 'MIG-02'
    readonly problems: readonly { readonly path: string; readonly problem: string }[]
  }
