/**
 * A separate process for tests with several processes on one file: reports that it is ready, waits for the
 * signal, opens the file and writes one record a number of times. Arguments: path of the file, name, times.
 */
import Database from 'libsql'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { accountAt, writeUntilCommitted } from '../../src/testing/storage-contract/fixtures.ts'

const [path = '', name = '', times = '1'] = process.argv.slice(2)

process.once('message', async () => {
  try {
    const db = new Database(path)
    db.exec('PRAGMA busy_timeout = 10000')
    db.exec('PRAGMA journal_mode = WAL')
    const storage = sqliteStorage(db)
    for (let time = 0; time < Number(times); time++)
      await writeUntilCommitted(storage, [accountAt()], `${name}-${time}`)
    db.close()
    process.send?.('done')
  } catch (error) {
    process.send?.(`failed: ${error}`)
  }
  process.disconnect()
})
process.send?.('ready')
