import type { NoticeClaim, OutboxNotice } from '../../ports/storage.ts'
import { type PostgresClient, parameters, run } from './client.ts'
import type { Tables } from './tables.ts'

type NoticeName = Pick<OutboxNotice, 'participant' | 'id'>

const textOf = ({ participant, id }: NoticeName) => JSON.stringify([participant, id])

/** How often the sweep is repeated when other processes were first to claim what it found. */
const maxSweeps = 10

/**
 * The notices to claim next, oldest first. This sweeps every partition and claims nothing yet. The index begins with
 * notices that were never claimed, then those whose claim ended first, so that notices that can't be delivered delay
 * no new ones, and claimed notices are not read.
 */
const free = async (client: PostgresClient, tables: Tables, now: number, limit: number) => {
  const { values, put } = parameters()
  const text = `SELECT participant, id FROM
      (SELECT participant, id, waiting_since, ordinal FROM ${tables.notice} WHERE claimed_until <= ${put(now, 'bigint')}
       ORDER BY claimed_until, waiting_since, ordinal LIMIT ${put(limit, 'bigint')}) AS free
    ORDER BY waiting_since, ordinal`
  return await run<NoticeName>(client, { text, values })
}

/**
 * Claims those of one participant's notices that are still free, and locks them in the order of their ids.
 */
const claimOf = async (
  client: PostgresClient,
  tables: Tables,
  participant: string,
  ids: readonly string[],
  { now, until }: NoticeClaim,
): Promise<readonly OutboxNotice[]> => {
  const { values, put, putAll } = parameters()
  const whose = put(participant)
  const text = `WITH free AS MATERIALIZED (
      SELECT id FROM ${tables.notice}
      WHERE participant = ${whose} AND id = ANY (${putAll(ids)})
        AND claimed_until <= ${put(now, 'bigint')}
      ORDER BY id FOR UPDATE)
    UPDATE ${tables.notice} AS claimed SET claimed_until = ${put(until, 'bigint')} FROM free
    WHERE claimed.participant = ${whose} AND claimed.id = free.id
    RETURNING claimed.participant, claimed.id, claimed.notice::text AS notice`
  const rows = await run<NoticeName & { readonly notice: string }>(client, { text, values })
  return rows.map(({ participant, id, notice }) => ({ participant, id, notice: JSON.parse(notice) }))
}

/**
 * Claims notices. A sweep finds the free ones. Each participant's notices are then claimed in a separate
 * statement, which takes only those that are still free. In this way every statement that writes touches one
 * partition.
 */
export const claimNotices = async (
  client: PostgresClient,
  tables: Tables,
  claim: NoticeClaim,
): Promise<readonly OutboxNotice[]> => {
  const claimed: OutboxNotice[] = []
  for (let sweeps = 0; sweeps < maxSweeps && claimed.length < claim.limit; sweeps++) {
    const found = await free(client, tables, claim.now, claim.limit - claimed.length)
    if (found.length === 0) break
    const got = new Map<string, OutboxNotice>()
    for (const participant of new Set(found.map((each) => each.participant))) {
      const ids = found.filter((each) => each.participant === participant).map(({ id }) => id)
      for (const notice of await claimOf(client, tables, participant, ids, claim))
        got.set(textOf(notice), notice)
    }
    for (const each of found) {
      const notice = got.get(textOf(each))
      if (notice !== undefined) claimed.push(notice)
    }
    if (claim.until <= claim.now) break // they are free again at once, so the loop would find them for ever
  }
  return claimed
}

/** Removes a notice. */
export const settleNotice = async (client: PostgresClient, tables: Tables, notice: OutboxNotice) => {
  const { values, put } = parameters()
  const text = `DELETE FROM ${tables.notice} WHERE participant = ${put(notice.participant)} AND id = ${put(notice.id)}`
  await run(client, { text, values })
}
