import { err, ok, type Result } from 'neverthrow'
import { callPort, instantNow, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { type Checkpoint, checkpointBuilder, manifestLine } from '../integrity/checkpoint.ts'
import type { RecordKey } from '../ports/storage.ts'
import { nextRecords } from './record-cursor.ts'

/** The number of records that are read together. */
const pageSize = 1_000

/**
 * Adds the heads of all records page by page, and passes on the lines of the manifest.
 *
 * @rule AUD-02
 */
export const createCheckpoint = async (
  context: ServiceContext,
  keep: (lines: readonly string[]) => void | Promise<void> = () => {},
): Promise<Result<Checkpoint, PortFailed>> => {
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const making = checkpointBuilder(now.value)
  let from: RecordKey | undefined
  do {
    const walked = await nextRecords(context, undefined, from, pageSize)
    if (walked.isErr()) return err(walked.error)
    const { found, last } = walked.value
    const lines = found.map(({ key, record: { version, head } }) => manifestLine({ ...key, version, head }))
    for (const line of lines) making.add(line)
    const kept = await callPort(context, 'manifest', () => keep(lines))
    if (kept.isErr()) return err(kept.error)
    from = last
  } while (from !== undefined)
  return ok(making.made())
}
