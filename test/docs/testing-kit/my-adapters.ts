/** Adapters for running the snippets of docs/testing-kit.md. */
import type { StoragePort } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { correctedStorage } from '../../../examples/own-adapter/map-storage.ts'

/** An example database: any number of connections to the same data. */
export interface MyDatabase {
  connect(): Promise<StoragePort>
  drop(): Promise<void>
}

export const createDatabase = async (): Promise<MyDatabase> => {
  const storage = correctedStorage()
  return { connect: async () => storage, drop: async () => {} }
}

export const myHasher = ({ strong }: { readonly strong: boolean }) =>
  argon2Hasher({ memoryKiB: strong ? 64 : 32, passes: 1, lanes: 1 })
