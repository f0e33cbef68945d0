import { err, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { listRecords } from '../records/list-records.ts'
import { eserviceAggregate } from './model/aggregates.ts'
import { type ClientConnectUser, isReadable, userMaintenanceRight } from './model/client-connect.ts'
import type { EservicesRefusal } from './refusals.ts'
import { type EserviceView, viewOf } from './take-step.ts'

/** Why a user may see no form of their participant, regardless of its stage. */
const denial = (user: ClientConnectUser): EservicesRefusal | undefined => {
  if (!isReadable(user)) return { code: 'form-refused', rule: 'ESV-12', reason: 'unreadable-actor' }
  if (!user.rights.includes(userMaintenanceRight))
    return { code: 'form-refused', rule: 'ESV-18', reason: 'no-right' }
  return user.roles.length === 0 ? { code: 'form-refused', rule: 'ESV-18', reason: 'no-role' } : undefined
}

/**
 * Lists a page of the forms of the user's participant. Refusals are not recorded, because they concern no
 * particular form.
 *
 * @rule ESV-18
 */
export const listForms = async (
  context: ServiceContext,
  user: ClientConnectUser,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<
  Result<{ readonly forms: readonly EserviceView[]; readonly after?: string }, PortFailed | EservicesRefusal>
> => {
  const denied = denial(user)
  if (denied !== undefined) return err(denied)
  const page = await listRecords(context, eserviceAggregate, user.participant, { after, limit })
  return page.map(({ records, ...next }) => {
    // A record can exist without a form: it holds refused operations on a nonexistent form.
    const forms = records.flatMap(({ id, state: form }) =>
      form.stage === 'Unknown' ? [] : [viewOf(id, form)],
    )
    return { forms, ...next }
  })
}
