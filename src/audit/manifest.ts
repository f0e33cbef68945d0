import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'

/**
 * The lines of a manifest, from any source.
 *
 * @category Audit trail
 */
export type Manifest = Iterable<string> | AsyncIterable<string>

/** Whether a value can be iterated like a manifest. */
export const isManifest = (value: unknown): value is Manifest =>
  typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)

/** Iterates over the lines of either kind of iterable. */
const linesOf = (manifest: Manifest): AsyncIterator<string> | Iterator<string> =>
  Symbol.asyncIterator in manifest ? manifest[Symbol.asyncIterator]() : manifest[Symbol.iterator]()

/**
 * Reads a manifest once, one line at a time, without empty lines. It stops at the first line that `read`
 * refuses.
 *
 * @rule AUD-02
 */
export const readManifest = async <E>(
  context: ServiceContext,
  manifest: Manifest,
  read: (line: string) => Result<void, E> | Promise<Result<void, E>>,
): Promise<Result<void, E | PortFailed>> => {
  const opened = await callPort(context, 'manifest', () => linesOf(manifest))
  if (opened.isErr()) return err(opened.error)
  for (;;) {
    const next = await callPort(context, 'manifest', () => opened.value.next())
    if (next.isErr()) return err(next.error)
    if (next.value.done === true) return ok()
    if (next.value.value === '') continue
    const done = await read(next.value.value)
    if (done.isErr()) return err(done.error)
  }
}
