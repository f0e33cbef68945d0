/**
 * A point of a participant's checklist, 1 to 7 as the briefing numbers them.
 *
 * @category Migration
 */
export type ChecklistPoint = 1 | 2 | 3 | 4 | 5 | 6 | 7

/**
 * The points of a participant's checklist, from the briefing.
 *
 * @rule MIG-13
 * @category Migration
 */
export const checklistPoints: Readonly<Record<ChecklistPoint, string>> = {
  1: 'Emails of all users and Delegated Administrators are registered',
  2: 'The terminal’s bookmark is checked',
  3: 'Connectivity to the new servers is verified',
  4: 'All users and Delegated Administrators are informed',
  5: 'The information package and the user guides are studied',
  6: 'The procedure of the first sign-in is understood',
  7: 'Users who already use Client Connect or VaR Online keep the same authenticator app',
}

/**
 * One checklist point and whether it is done.
 *
 * @category Migration
 */
export interface ChecklistItem {
  readonly point: ChecklistPoint
  readonly done: boolean
  /** Whether the listing shows that it is done, or the participant declares it. */
  readonly source: 'listing' | 'declaration'
  /** The number of accounts without a valid email; of point 1 only. */
  readonly missing?: number
}

// `Object.keys` gives numbers as texts.
const points = /* @__PURE__ */ Object.keys(checklistPoints).map(Number) as readonly ChecklistPoint[]
const declarable = /* @__PURE__ */ points.filter((point) => point !== 1)

const itemsOf = (done: boolean): readonly ChecklistItem[] =>
  declarable.map((point) => ({ point, done, source: 'declaration' }))
// There are as many checklists as participants, so the equal items are shared.
const undone = /* @__PURE__ */ itemsOf(false)
const done = /* @__PURE__ */ itemsOf(true)

/**
 * The checklist of a participant. Only the listing decides point 1: it is done if there is at least one
 * account and every account has a valid email. The other points are done as the participant declared them.
 *
 * @param accounts - the number of migrated accounts, and how many of them have no valid email. @param
 * declared - the points that the participant declared done; point 1 in it is ignored.
 * @rule MIG-13
 */
export const checklistOf = (
  accounts: { readonly total: number; readonly withoutEmail: number },
  declared: readonly ChecklistPoint[],
): readonly ChecklistItem[] => [
  {
    point: 1,
    done: accounts.total > 0 && accounts.withoutEmail === 0,
    source: 'listing',
    missing: accounts.withoutEmail,
  },
  ...undone.map((item, i) => (declared.includes(item.point) ? (done[i] ?? item) : item)),
]
