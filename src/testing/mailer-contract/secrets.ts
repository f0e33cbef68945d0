import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { codeFor, contractCode, type MailerCheck, type SimulatedMailFailure, sent } from './fixtures.ts'

/** Everything that an error shows, at any depth. */
const everythingOf = (error: unknown): string =>
  `${inspect(error, { depth: 20, showHidden: true })}${String(error)}${error instanceof Error ? error.stack : ''}`

/** Runs a function and collects everything that is written to the console meanwhile. */
const consoleOutputOf = async (what: () => Promise<void>): Promise<string> => {
  const written: string[] = []
  const streams = [process.stdout, process.stderr] as const
  const writers = streams.map((stream) => stream.write)
  for (const stream of streams)
    stream.write = (chunk: string | Uint8Array) => {
      written.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      return true
    }
  try {
    await what()
  } finally {
    for (const [i, stream] of streams.entries()) stream.write = writers[i] ?? stream.write
  }
  return written.join('')
}

const silent =
  (failure: SimulatedMailFailure | undefined): MailerCheck =>
  async ({ mailer, simulate: simulateFailure }) => {
    if (failure !== undefined && simulateFailure === undefined) return
    if (failure !== undefined) await simulateFailure?.(failure)
    const errors: unknown[] = []
    const written = await consoleOutputOf(async () => {
      for (const to of ['b0123401@participant.example', 'no address', 'a@x.example\r\nDATA'])
        errors.push((await sent(mailer, { ...codeFor('B0123401'), to })).error)
    })
    for (const error of errors)
      assert.ok(!everythingOf(error).includes(contractCode), 'the error of a rejection contains no code')
    assert.ok(!written.includes(contractCode), 'console output contains no code')
  }

/** A code is only in its mail. */
export const secretChecks: Readonly<Record<string, MailerCheck>> = {
  'secrets · no code is logged or in an error': silent(undefined),
  'secrets · no code is logged or in an error if the server refuses': silent('refusing'),
  'secrets · no code is logged or in an error if the server defers': silent('deferring'),
  'secrets · no code is logged or in an error if the server is unreachable': silent('unreachable'),
}
