import type { ProfileChanges, Refusal } from 'ccass-2fa'
import { type AccountStatus, accountStatuses, isAccountStatus } from 'ccass-2fa/account'
import type { ProfileView } from 'ccass-2fa/dms'
import { html } from 'hono/html'
import { choice, field, type Html, type Req, sent } from './portal.ts'
import { textFields, userStatusWords } from './shown.ts'

/** What the fields of a profile hold, as typed. */
export interface EnteredProfile {
  readonly status: AccountStatus
  readonly texts: Readonly<Partial<Record<(typeof textFields)[number], string>>>
  readonly userGroups: string
  /** Each transaction limit: its kind and its amount. */
  readonly limits: readonly (readonly [string, string])[]
}

/** What the fields hold at first: a profile, or the values of a request. A removed value is an empty field. */
export const enteredOf = (values: ProfileChanges): EnteredProfile => ({
  status: values.status ?? 'ENABLED',
  texts: Object.fromEntries(textFields.map((name) => [name, values[name] ?? ''])),
  userGroups: (values.userGroups ?? []).join(' '),
  limits: Object.entries(values.transactionLimits ?? {}),
})

const maxLimits = 256

/** What was sent. */
export const sentProfile = async (c: Req): Promise<EnteredProfile> => {
  const texts = await Promise.all(
    textFields.map(async (name) => [name, (await sent(c, name)).trim()] as const),
  )
  const rows = await Promise.all(
    Array.from({ length: maxLimits + blankRows }, async (_, row) => {
      const [kind, amount] = [await sent(c, `limit-${row}-kind`), await sent(c, `limit-${row}-amount`)]
      return [kind.trim(), amount.trim()] as const
    }),
  )
  const status = await sent(c, 'status')
  return {
    status: isAccountStatus(status) ? status : 'ENABLED',
    texts: Object.fromEntries(texts),
    userGroups: (await sent(c, 'userGroups')).trim(),
    limits: rows.filter(([kind, amount]) => kind !== '' || amount !== ''),
  }
}

/** How many limits can be added at a time. */
const blankRows = 2

/** The fields of a profile; there is room for two limits more. */
export const profileFields = (c: Req, { status, texts, userGroups, limits }: EnteredProfile): Html => {
  const say = c.var.say
  const rows = [...limits, ...Array.from({ length: blankRows }, () => ['', ''] as const)]
  return html`
${choice(
  'status',
  say('status'),
  accountStatuses.map((each) => [each, say(userStatusWords[each])]),
  status,
)}
${textFields.map((name) =>
  field({
    name,
    label: say(name),
    value: texts[name],
    optional: true,
    ...(name === 'email' ? { type: 'email' as const } : {}),
    ...(name === 'enableFrom' || name === 'disableAfter' ? { type: 'date' as const } : {}),
  }),
)}
${field({ name: 'userGroups', label: say('userGroups'), value: userGroups, optional: true, hint: say('userGroupsHint') })}
<fieldset><legend>${say('transactionLimits')}</legend><p class="hint">${say('limitsHint')}</p>
${rows.map(
  ([kind, amount], row) =>
    html`<div class="pair">${field({ name: `limit-${row}-kind`, label: `${say('limitKind')} ${row + 1}`, value: kind, optional: true })}${field({ name: `limit-${row}-amount`, label: `${say('limitAmount')} ${row + 1}`, value: amount, optional: true, inputmode: 'decimal' })}</div>`,
)}</fieldset>`
}

const groupsIn = (text: string): readonly string[] =>
  text.split(/[\s,，、]+/u).filter((group) => group !== '')

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const sorted = (limits: Readonly<Record<string, string>> = {}) =>
  Object.entries(limits).sort(([one], [other]) => (one < other ? -1 : 1))

/**
 * The entered values that differ from the current profile. An emptied field removes its value. A kind of limit that
 * is entered twice is refused, because one of the two amounts would be lost.
 */
export const changesIn = (entered: EnteredProfile, view: Partial<ProfileView>): ProfileChanges | Refusal => {
  const { status, texts, limits } = entered
  const transactionLimits = Object.fromEntries(limits)
  if (Object.keys(transactionLimits).length < limits.length)
    return {
      code: 'malformed-input',
      rule: 'API-01',
      field: 'transactionLimits',
      problem: 'must name each kind once',
    }
  const userGroups = groupsIn(entered.userGroups)
  return {
    ...(status === view.status ? {} : { status }),
    ...Object.fromEntries(
      textFields
        .map((name) => [name, texts[name] || undefined] as const)
        .filter(([name, value]) => value !== view[name])
        .map(([name, value]) => [name, value ?? null]),
    ),
    ...(isSame(userGroups, view.userGroups ?? [])
      ? {}
      : { userGroups: userGroups.length === 0 ? null : userGroups }),
    ...(isSame(sorted(transactionLimits), sorted(view.transactionLimits))
      ? {}
      : { transactionLimits: limits.length === 0 ? null : transactionLimits }),
  }
}
