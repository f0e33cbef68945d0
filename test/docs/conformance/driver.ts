/** The code of docs/conformance.md, as it runs: the first driver for another system. */
const startSystem = async () => {
  const ids = new Set<string>()
  return {
    post: async (
      path: string,
      { id }: { readonly id: string; readonly role?: string; readonly email?: string },
    ) => {
      if (path === '/accounts/delete') return { ok: ids.delete(id), text: '404' }
      const ok = !ids.has(id)
      ids.add(id)
      return { ok, text: '409' }
    },
  }
}

// #region first
import { type ConformanceDriver, checkConformance } from 'ccass-2fa/conformance'

/** Your system: a new one, with nothing in it. */
const newDriver = async (): Promise<ConformanceDriver> => {
  const system = await startSystem()
  return {
    createAccount: async ({ userId, role, email }) => {
      const answer = await system.post('/accounts', { id: userId, role, email })
      return answer.ok ? {} : { refused: answer.text }
    },
    deleteAccount: async ({ userId }) => {
      const answer = await system.post('/accounts/delete', { id: userId })
      return answer.ok ? {} : { refused: answer.text }
    },
  }
}

const report = await checkConformance(newDriver)
console.log(report.text)

// #endregion

export { report }
