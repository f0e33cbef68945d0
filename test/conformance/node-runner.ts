/**
 * Runs the conformance kit in Node's own test runner, as docs/conformance.md describes: `npx tsx --test
 * test/conformance/node-runner.ts`. For a script, see test/conformance/findings.ts.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkConformance, describeFinding } from '../../src/conformance/index.ts'
import { secondSystem } from './second-system.ts'
import { newService } from './service-driver.ts'

describe('conformance', () => {
  test('our own service conforms to the rules', async () => {
    const report = await checkConformance(newService, { histories: 3 })
    assert.deepEqual(report.findings.flatMap(describeFinding), [])
    assert.ok(report.operations > 100)
  })

  test('a system that locks too late fails, and the report names LOCK-01', async () => {
    const faulty = secondSystem('locks at the sixth wrong password')
    const { findings } = await checkConformance(faulty, { histories: 40, only: ['lockout'] })
    assert.ok(findings.some(({ rule }) => rule === 'LOCK-01'))
  })
})
