/**
 * Runs on workerd, as a Worker with a D1 database: it responds to a request with the outcomes of the trial.
 */
import { nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { type D1Client, sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import { trial } from './trial.ts'

let made = 0

export default {
  fetch: async (_request: Request, env: { readonly DB: D1Client }): Promise<Response> =>
    Response.json(
      await trial({
        stores: [
          {
            what: 'SQLite, D1',
            // One database for all cases: each has its own tables.
            make: async () => ({ storage: sqliteAsyncStorage(env.DB, { tablePrefix: `case${++made}_` }) }),
          },
        ],
        hashers: [{ what: 'scrypt', hasher: scryptHasher({ logN: 6 }) }],
        secretBox: { what: 'node-crypto', make: nodeCryptoSecretBox },
      }),
    ),
}
