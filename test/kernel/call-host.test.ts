import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { callHost } from '../../src/kernel/call-host.ts'

test('OBS-01, API-02 · an error that a host’s callback throws or rejects with is reported and goes no further', async () => {
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  const fault = new Error('the callback')
  const throwing = () => {
    throw fault
  }
  expect(callHost(() => 1, failed)).toBe(1)
  expect(callHost(throwing, failed)).toBeUndefined()
  await callHost(async () => throwing(), failed)?.catch(() => {})
  expect(failures).toEqual([fault, fault])
})

test('API-02 · a promise of another realm or of a library is handled as well', async () => {
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  const fault = new Error('the callback')
  callHost(() => runInNewContext('Promise.reject(fault)', { fault }), failed)
  callHost(() => ({ then: (_: unknown, rejected: (error: unknown) => void) => rejected(fault) }), failed)
  const callable = Object.assign(() => {}, {
    then: (_: unknown, rejected: (error: unknown) => void) => rejected(fault),
  })
  callHost(() => callable, failed)
  await new Promise((resolve) => setTimeout(resolve))
  expect(failures).toEqual([fault, fault, fault])
})

test('API-02 · an answer that is no promise is returned as it is', () => {
  for (const answer of [undefined, null, 0, 'text', {}])
    expect(
      callHost(
        () => answer,
        () => expect.fail(),
      ),
    ).toBe(answer)
})
