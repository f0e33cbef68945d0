/**
 * A point of a participant's checklist, 1 to 7 as the briefing counts them.
 *
 * @category Migration
 */
export type ChecklistPoint = 1 | 2 | 3 | 4 | 5 | 6 | 7

/**
 * The checklist of a participant, as the briefing has it.
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
 * One point with what is known of it.
 *
 * @category Migration
 */
export interface ChecklistItem {
  readonly point: ChecklistPoint
  readonly done: boolean
  /** Whether the listing tells, or only people can. */
  readonly source: 'listing' | 'declaration'
  /** Accounts that it still lacks; of point 1 alone. */
  readonly missing?: number
}

const points = /* @__PURE__ */ Object.keys(checklistPoints).map(Number) as readonly ChecklistPoint[]
const declarable = /* @__PURE__ */ points.filter((point) => point !== 1)

const itemsOf = (done: boolean): readonly ChecklistItem[] =>
  declarable.map((point) => ({ point, done, source: 'declaration' }))
// There are as many lists as participants; the items that say the same are shared.
const undone = /* @__PURE__ */ itemsOf(false)
const done = /* @__PURE__ */ itemsOf(true)

/**
 * The checklist of a participant. The first point the listing itself ticks, and no one else: with at least
 * one account, and none without a valid email. The others are as the participant has declared them.
 *
 * @param accounts - accounts that are migrated, and how many of them have no valid email.
 * @param declared - the points that the participant says are done; the first among them is not believed.
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
