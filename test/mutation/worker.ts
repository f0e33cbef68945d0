/**
 * A Vitest runner that stays in its worker and runs the tests again for each requested mutant. Starting a
 * worker and importing the library takes a second or two; the tests of one mutant take milliseconds.
 *
 * State that one mutant leaves must not influence the next: a failing test is run again without the mutant.
 * If it then fails too, every module is reloaded and the mutant is tried once more.
 */
import { type File, startTests, type Task, type Test } from '@vitest/runner'
import { TestRunner, vi } from 'vitest'
import {
  type Coverage,
  channelName,
  type RanTest,
  type RunReply,
  type RunRequest,
  type Stop,
} from './messages.ts'

/** The globals that Stryker's instrumented code reads and writes. */
interface Switchboard {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  mutantCoverage?: Coverage | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
}

interface ModuleNode {
  promise?: unknown
  exports?: unknown
  evaluated?: boolean
}

interface Worker {
  readonly evaluatedModules: {
    readonly idToModuleMap: ReadonlyMap<string, ModuleNode>
    getModuleById(id: string): ModuleNode | undefined
  }
}

const scope = globalThis as { __stryker__?: Switchboard }
if (scope.__stryker__ === undefined) scope.__stryker__ = {}
const switchboard = scope.__stryker__

const forget = (node: ModuleNode) => {
  node.promise = undefined
  node.exports = undefined
  node.evaluated = false
}

const testsOf = (task: Task): readonly Test[] =>
  task.type === 'test' ? [task] : task.tasks.flatMap((inner) => testsOf(inner))

const fullName = (task: Task): string =>
  task.suite === undefined ? task.name : `${fullName(task.suite)} > ${task.name}`

/** Titles can repeat in a file: the second of a name gets a number. */
const withIds = (file: File): readonly (readonly [id: string, test: Test])[] => {
  const seen = new Map<string, number>()
  return testsOf(file).map((test) => {
    const name = `${file.name}#${fullName(test)}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return [count === 1 ? name : `${name} (${count})`, test] as const
  })
}

const fileOf = (id: string) => id.slice(0, id.indexOf('#'))

/** Runs chosen tests without reporting to Vitest's reporters, and stops after a failure if requested. */
class QuietRunner extends TestRunner {
  wanted: ReadonlySet<string> | undefined
  failing: ReadonlySet<string> = new Set()
  bail = false
  ids = new Map<Test, string>()

  override importFile(path: string, source: 'collect' | 'setup') {
    const node = (this as unknown as { workerState: Worker }).workerState.evaluatedModules.getModuleById(path)
    if (node !== undefined) forget(node)
    return super.importFile(path, source === 'setup' ? 'collect' : source)
  }

  onCollected(files: readonly File[]) {
    for (const file of files)
      for (const [id, test] of withIds(file)) {
        this.ids.set(test, id)
        if (this.failing.has(id) || this.wanted?.has(id) === false) test.mode = 'skip'
      }
  }

  override async onBeforeRunTask(test: Test) {
    await super.onBeforeRunTask(test)
    switchboard.currentTestId = this.ids.get(test)
  }

  override onAfterRunTask(test: Test) {
    super.onAfterRunTask(test)
    switchboard.currentTestId = undefined
    if (this.bail && test.result?.state === 'fail')
      (this as unknown as { cancelRun: boolean }).cancelRun = true
  }
}

const messageOf = (task: Task) => task.result?.errors?.map(({ message }) => message).join('\n')

const outcomeOf = (id: string, test: Test, file: File): RanTest => {
  const broken =
    file.result?.state === 'fail' && file.result.errors !== undefined && test.result === undefined
  const state = broken
    ? 'fail'
    : test.result?.state === 'pass'
      ? 'pass'
      : test.result?.state === 'fail'
        ? 'fail'
        : 'skip'
  const failure = state === 'fail' ? (messageOf(test) ?? messageOf(file) ?? 'failed') : undefined
  return {
    id,
    name: fullName(test),
    file: file.filepath,
    state,
    milliseconds: test.result?.duration ?? 0,
    ...(failure === undefined ? {} : { failure }),
  }
}

/** The runner that Vitest starts. It does not reach its own file until it is told to stop. */
export default class WarmRunner extends TestRunner {
  /** Test files, the fastest first, because most runs end with the first failure. */
  private files: readonly string[] = []
  /** The first test of each file, by its path: it stands for a file that a mutant keeps from loading. */
  private firsts: ReadonlyMap<string, RanTest> = new Map()
  /** Tests that fail without any mutant; they are not run again. */
  private failing: ReadonlySet<string> = new Set()
  /** Whether modules were loaded with a mutant, or have state that makes tests fail. */
  private stale = false

  async onBeforeCollect() {
    const { files, channel: name } = this.injectValue('mutation' as never) as {
      readonly files: readonly string[]
      readonly channel: number
    }
    this.files = files
    const channel = new BroadcastChannel(channelName(name))
    await new Promise<void>((stopped) => {
      channel.onmessage = async (event: unknown) => {
        const { data } = event as { readonly data: RunRequest | Stop }
        if (data.kind === 'stop') stopped()
        if (data.kind === 'run') channel.postMessage(await this.answer(data))
      }
      channel.postMessage({ kind: 'ready' })
    })
    channel.close()
    ;(this as unknown as { cancelRun: boolean }).cancelRun = true
  }

  private async answer(request: RunRequest): Promise<RunReply> {
    if (request.mutant === undefined) {
      const ran = await this.pass(request)
      const took = (path: string) =>
        ran.filter(({ file }) => file === path).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
      this.files = [...this.files].sort((a, b) => took(a) - took(b))
      this.firsts = new Map([...ran].reverse().map((test) => [test.file, test]))
      this.failing = new Set(ran.filter(({ state }) => state === 'fail').map(({ id }) => id))
      return this.reply(request, ran)
    }
    const ran = await this.pass(request)
    const failed = ran.filter(({ state }) => state === 'fail')
    if (failed.length === 0 || request.reload) return this.reply(request, ran)
    const [hitCount, hitLimit] = [switchboard.hitCount, switchboard.hitLimit]
    const again = await this.pass({
      kind: 'run',
      id: request.id,
      tests: failed.map(({ id }) => id),
      reload: false,
      bail: true,
      coverage: false,
    })
    if (!again.some(({ state }) => state === 'fail')) {
      switchboard.hitCount = hitCount
      switchboard.hitLimit = hitLimit
      return this.reply(request, ran)
    }
    this.stale = true
    return { ...this.reply(request, await this.pass(request)), repeated: true }
  }

  private reply(request: RunRequest, tests: readonly RanTest[]): RunReply {
    return {
      kind: 'ran',
      id: request.id,
      tests,
      repeated: false,
      ...(request.coverage && switchboard.mutantCoverage !== undefined
        ? { coverage: switchboard.mutantCoverage }
        : {}),
      ...(switchboard.hitCount === undefined ? {} : { hitCount: switchboard.hitCount }),
    }
  }

  /** What Vitest passes to the runner that it starts, which a second runner also needs. */
  private insides() {
    const { moduleRunner, _otel } = this as unknown as Readonly<Record<'moduleRunner' | '_otel', unknown>>
    return { moduleRunner, _otel }
  }

  private unload() {
    const { idToModuleMap } = (this as unknown as { workerState: Worker }).workerState.evaluatedModules
    for (const [id, node] of idToModuleMap)
      if (!/\/vitest\/dist\/|@vitest\/|\/test\/mutation\//.test(id)) forget(node)
  }

  /** One run, of all files or of those with a requested test. */
  private async pass(request: RunRequest): Promise<readonly RanTest[]> {
    if (this.stale || request.reload) this.unload()
    this.stale = request.reload
    switchboard.activeMutant = request.mutant
    switchboard.mutantCoverage = request.coverage ? { static: {}, perTest: {} } : undefined
    switchboard.hitCount = request.hitLimit === undefined ? undefined : 0
    switchboard.hitLimit = request.hitLimit
    const wanted = request.tests === undefined ? undefined : new Set(request.tests)
    const wantedFiles = wanted === undefined ? undefined : new Set([...wanted].map(fileOf))
    const results: RanTest[] = []
    for (const path of this.files) {
      if (wantedFiles !== undefined && ![...wantedFiles].some((file) => path.endsWith(`/${file}`))) continue
      const runner = new QuietRunner(this.config)
      Object.assign(runner, {
        ...this.insides(),
        wanted,
        failing: this.failing,
        bail: request.bail,
      })
      const files = await startTests([path], runner as never)
      for (const file of files) {
        const first = this.firsts.get(path)
        const own = [...withIds(file)]
          .filter(([id]) => wanted?.has(id) ?? !this.failing.has(id))
          .map(([id, test]) => outcomeOf(id, test, file))
        results.push(...own)
        // A file that fails while it is loaded, or while its tests are collected, lacks all of them or some.
        const isLoaded = file.result?.state !== 'fail' || own.some(({ state }) => state === 'fail')
        if (!isLoaded && first !== undefined)
          results.push({
            ...first,
            state: 'fail',
            failure: messageOf(file) ?? 'the file could not be loaded',
          })
      }
      vi.resetConfig()
      vi.restoreAllMocks()
      vi.useRealTimers()
      if (request.bail && results.some(({ state }) => state === 'fail')) break
    }
    switchboard.activeMutant = undefined
    return results
  }
}
