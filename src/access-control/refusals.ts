/**
 * Refusals of a timeline.
 *
 * @rule MIG-02
 */
export type TimelineRefusal =
  /** Dates of the transition contradict each other, or are not dates: every one that is wrong. */
  {
    readonly code: 'timeline-invalid'
    readonly rule: 'MIG-02'
    readonly problems: readonly { readonly path: string; readonly problem: string }[]
  }
