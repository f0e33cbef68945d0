/** The code of docs/personal-data.md; the page shows it exactly. */
import type { Authentication } from '../../src/index.ts'

// #region retention
/** Erases what the retention periods no longer allow, in the records of one participant. Run it daily. */
export const applyRetention = async ({ personalData }: Authentication, participant: string) => {
  let after: string | undefined
  do {
    const page = await personalData.applyRetention({ participant, after, by: 'retention job' })
    if (page.isErr()) throw new Error(page.error.code) // the storage failed: call it again
    after = page.value.after
  } while (after !== undefined)
}

/** Erases on request of the person: everything under a User ID that is not needed any more. */
export const eraseOnRequest = ({ personalData }: Authentication, userId: string) =>
  personalData.erase({ userId, by: 'privacy office' })
// #endregion
