import { expect, test } from 'vitest'
import { callHost } from '../../src/kernel/call-host.ts'

test('OBS-01, API-02 · what a callback of the host throws or rejects with is handed over, and goes no further', async () => {
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
