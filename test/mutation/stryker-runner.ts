/** A test runner for Stryker that keeps one Vitest worker warm: see worker.ts. */

import { join } from 'node:path'
import type { Mutant, MutantCoverage, StrykerOptions } from '@stryker-mutator/api/core'
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin'
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner'
import { createVitest, type Vitest } from 'vitest/node'
import { channelName, type RanTest, type Ready, type RunReply, type RunRequest } from './messages.ts'
import { coarseKey, isSampled, leftOutHere } from './sample.ts'

/** The name of the plugin in Stryker's options. */
export const runnerName = 'warm-vitest'

interface WarmOptions {
  readonly mutationTests: readonly string[]
  readonly mutationOneIn: number
  readonly mutationOnly?: readonly string[]
}

const resultOf = ({ id, name, file, state, milliseconds, failure }: RanTest): TestResult => {
  const base = { id, name, fileName: file, timeSpentMs: milliseconds }
  if (state === 'pass') return { ...base, status: TestStatus.Success }
  if (state === 'skip') return { ...base, status: TestStatus.Skipped }
  return { ...base, status: TestStatus.Failed, failureMessage: failure ?? 'failed' }
}

class WarmVitest implements TestRunner {
  static inject = tokens(commonTokens.options)
  private readonly tests: readonly string[]
  private readonly isMeasured: (mutant: Mutant) => boolean
  private readonly channel = new BroadcastChannel(channelName(process.pid))
  private readonly waiting = new Map<number, (reply: RunReply) => void>()
  private vitest: Vitest | undefined
  private last = 0

  constructor(options: StrykerOptions) {
    const { mutationTests, mutationOneIn, mutationOnly } = options as unknown as WarmOptions
    this.tests = mutationTests
    const only = mutationOnly === undefined ? undefined : new Set(mutationOnly)
    this.isMeasured = (mutant) => {
      const { fileName: file, location, mutatorName: mutator, replacement } = mutant
      const key = coarseKey({ file, line: location.start.line + 1, mutator, replacement }) // lines are counted from 0 here
      return isSampled(mutant, mutationOneIn) && only?.has(key) !== false
    }
  }

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    const root = process.cwd()
    const files = this.tests.map((path) => join(root, path))
    const vitest = await createVitest(
      'test',
      {
        root,
        config: join(root, 'vitest.config.ts'),
        watch: false,
        pool: 'threads',
        isolate: false,
        fileParallelism: false,
        maxWorkers: 1,
        runner: join(root, 'test/mutation/worker.ts'),
        reporters: [{}],
        testTimeout: 20_000,
        hookTimeout: 20_000,
        env: { CI: 'true' },
      } as never,
      { server: { watch: null } } as never,
    )
    this.vitest = vitest
    vitest.provide('mutation' as never, { files, channel: process.pid } as never)
    const [project] = vitest.projects
    if (project === undefined) throw new Error('Vitest has no project')
    const first = files[0]
    if (first === undefined) throw new Error('There are no tests to run')
    await new Promise<void>((ready, failed) => {
      this.channel.onmessage = (event: unknown) => {
        const { data } = event as { readonly data: Ready | RunReply }
        if (data.kind === 'ready') ready()
        if (data.kind === 'ran') this.waiting.get(data.id)?.(data)
      }
      vitest
        .runTestSpecifications([project.createSpecification(first)])
        .then(
          (result) =>
            failed(new Error(`the worker ended: ${JSON.stringify(result.unhandledErrors).slice(0, 2_000)}`)),
          failed,
        )
    })
  }

  async dryRun({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
    const reply = await this.ask({ reload: false, bail: false, coverage: coverageAnalysis !== 'off' })
    // A test that fails without any mutant shows nothing about mutants. A thread has no time zone of its own: the
    // tests on hosts in other zones fail in every run.
    const failing = reply.tests.filter(({ state }) => state === 'fail')
    const unexpected = failing.filter(({ id }) => !id.includes('on a host in '))
    for (const { id, failure = '' } of unexpected)
      console.log(`left out: ${id}: ${failure.split('\n')[0]?.slice(0, 120)}`)
    if (unexpected.length > reply.tests.length / 20)
      throw new Error(
        `${unexpected.length} tests fail without a mutant: ${unexpected.map(({ id }) => id).join('; ')}`,
      )
    return {
      status: DryRunStatus.Complete,
      tests: reply.tests.filter(({ state }) => state !== 'fail').map(resultOf),
      ...(reply.coverage === undefined ? {} : { mutantCoverage: reply.coverage as MutantCoverage }),
    }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, hitLimit, disableBail, mutantActivation, reloadEnvironment } = options
    if (!this.isMeasured(activeMutant)) return { status: MutantRunStatus.Error, errorMessage: leftOutHere }
    const reply = await this.ask({
      mutant: activeMutant.id,
      reload: mutantActivation === 'static' || reloadEnvironment,
      bail: !disableBail,
      coverage: false,
      ...(testFilter === undefined ? {} : { tests: testFilter }),
      ...(hitLimit === undefined ? {} : { hitLimit }),
    })
    const limit = determineHitLimitReached(reply.hitCount, hitLimit)
    if (limit !== undefined)
      return {
        status: MutantRunStatus.Timeout,
        ...(limit.reason === undefined ? {} : { reason: limit.reason }),
      }
    const failed = reply.tests.filter(({ state }) => state === 'fail')
    const nrOfTests = reply.tests.filter(({ state }) => state !== 'skip').length
    if (failed.length === 0) return { status: MutantRunStatus.Survived, nrOfTests }
    return {
      status: MutantRunStatus.Killed,
      killedBy: failed.map(({ id }) => id),
      failureMessage: failed[0]?.failure ?? 'failed',
      nrOfTests,
    }
  }

  async dispose() {
    this.channel.postMessage({ kind: 'stop' })
    this.channel.close()
    await this.vitest?.close()
  }

  private ask(request: Omit<RunRequest, 'kind' | 'id'>): Promise<RunReply> {
    const id = ++this.last
    return new Promise((answered) => {
      this.waiting.set(id, (reply) => {
        this.waiting.delete(id)
        answered(reply)
      })
      this.channel.postMessage({ kind: 'run', id, ...request })
    })
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, runnerName, WarmVitest)]
