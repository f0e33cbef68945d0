import type { Result, ResultAsync } from 'neverthrow'
import type { FeedRange } from './feed.ts'

/** The part of a page that {@link feedPages} needs. */
interface Page {
  readonly after?: string
  readonly more: boolean
}

/**
 * Iterates over the pages of the audit feed from a cursor on, until every committed entry has been read. One
 * page is in memory at a time. A page that could not be read is the last: call again with the last cursor.
 *
 * @param audit - the audit of a service.
 * @param range - where to begin, and how many entries each page has.
 * @example
 * ```ts
 * for await (const page of feedPages(auth.audit, { after: await readCursor() })) {
 *   if (page.isErr()) break // try again later, from the stored cursor
 *   await deliver(page.value.entries)
 *   await storeCursor(page.value.after)
 * }
 * ```
 * @rule AUD-09
 * @category Audit trail
 */
export async function* feedPages<T extends Page, E>(
  audit: { feed(range: FeedRange): ResultAsync<T, E> },
  range: FeedRange = {},
): AsyncGenerator<Result<T, E>, void, void> {
  for (let { after } = range; ; ) {
    const page: Result<T, E> = await audit.feed({ ...range, after })
    yield page
    if (page.isErr() || !page.value.more) return
    after = page.value.after
  }
}
