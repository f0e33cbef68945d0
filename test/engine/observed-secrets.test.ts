/** No secret reaches an observer, a span, a metric, the feed, a reported error or the rate limiter, in any operation. */
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTelemetryObserver } from '../../src/adapters/opentelemetry.ts'
import {
  type Authentication,
  type Observer,
  operationNames,
  type Ports,
  ResultAsync,
} from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { type ActionName, actions, restored } from '../session/endings/actions.ts'
import { type Holder, Stage } from '../session/endings/stage.ts'
import { branches } from '../support/branches.ts'
import { expectNone } from '../support/secret-search.ts'

const secretInputs = [
  'password',
  'current',
  'confirmation',
  'code',
  'challenge',
  'sealed',
  'authorisationCode',
]
const secretAnswers = ['challenge', 'secret', 'uri', 'code', 'sealed']
const names = Object.keys(actions) as ActionName[]
const seen = branches(
  ...operationNames,
  ...(['a password', 'a hash', 'a sealed box', 'a keyed hash', 'a device secret', 'a mailed code'] as const),
  ...(['a challenge token', 'a session token', 'an Authorisation Code', 'a port that failed'] as const),
)

/** Everything that was secret in a run, and everything that was shown. */
class Watch {
  readonly secrets = new Set<string | Uint8Array>()
  readonly shown: unknown[] = []
  readonly spans = new InMemorySpanExporter()
  readonly exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  readonly meterProvider = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({ exporter: this.exporter, exportIntervalMillis: 1_000_000 }),
    ],
  })
  readonly draw: (below: number) => number
  /** One call of a port in so many fails; 0: none. */
  failsIn = 0

  constructor(draw: (below: number) => number) {
    this.draw = draw
  }

  note(kind: Parameters<typeof seen.hit>[0], secret: string | Uint8Array): void {
    if (secret.length < 6) return
    this.secrets.add(secret)
    seen.hit(kind)
  }

  /** Notes the values of some members, however deep. */
  collect(value: unknown, members: readonly string[], depth = 0): void {
    if (typeof value !== 'object' || value === null || depth > 4) return
    for (const [name, each] of Object.entries(value))
      if (typeof each === 'string' && members.includes(name)) this.secrets.add(each)
      else this.collect(each, members, depth + 1)
  }

  fails(): void {
    if (this.failsIn > 0 && this.draw(this.failsIn) === 0) {
      seen.hit('a port that failed')
      throw new Error('the port failed')
    }
  }

  observer(): Observer {
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.spans)] })
    const { meterProvider } = this
    const adapter = openTelemetryObserver({ tracerProvider, meterProvider, requestContext: true })
    return {
      operation: (observed) => {
        this.shown.push(observed)
        adapter.operation?.(observed)
      },
      entry: (observed) => {
        this.shown.push(observed)
        adapter.entry?.(observed)
      },
    }
  }

  ports(ports: Ports): Ports {
    const { passwordHasher, secretBox, random, storage, mailer } = ports
    return {
      ...ports,
      observer: this.observer(),
      rateLimiter: {
        consume: async (attempt) => {
          this.shown.push(attempt)
          return { allowed: true }
        },
      },
      storage: {
        ...storage,
        load: async (keys) => {
          this.fails()
          return storage.load(keys)
        },
      },
      random: {
        bytes: (length) => {
          const bytes = random.bytes(length)
          // 20 bytes are drawn for the secret of a device alone.
          if (length === 20) this.note('a device secret', bytes)
          return bytes
        },
      },
      passwordHasher: {
        ...passwordHasher,
        hash: async (password) => {
          this.note('a password', password)
          const hash = await passwordHasher.hash(password)
          this.note('a hash', hash)
          return hash
        },
        verify: async (hash, password) => {
          this.note('a password', password)
          this.fails()
          return passwordHasher.verify(hash, password)
        },
      },
      secretBox: {
        ...secretBox,
        seal: async (...given) => {
          const sealed = await secretBox.seal(...given)
          this.note('a sealed box', sealed)
          return sealed
        },
        mac: async (...given) => {
          const mac = await secretBox.mac(...given)
          this.note('a keyed hash', mac)
          return mac
        },
      },
      mailer: {
        ...mailer,
        send: async (mail) => {
          if ('code' in mail) this.note('a mailed code', mail.code)
          this.fails()
          return mailer.send(mail)
        },
      },
    }
  }

  /** A service whose inputs and answers are noted. */
  service(auth: Authentication): Authentication {
    const context = { source: '192.0.2.7', userAgent: 'console/1', requestId: 'r-1' }
    const noted = (name: string, method: (input: unknown) => unknown) => (input: unknown) => {
      seen.hit(name as Parameters<typeof seen.hit>[0])
      this.collect(input, secretInputs)
      const answer = method({ context, ...(input as object) })
      return answer instanceof ResultAsync
        ? answer.map((value) => {
            // Events name challenges by identifiers that are no secrets.
            if (!name.startsWith('audit.')) this.collect(value, secretAnswers)
            if (name === 'signIn.begin') this.note('a challenge token', value.challenge)
            if (name === 'sessions.seal') this.note('a session token', value)
            if (name === 'dms.getAuthorisationCode') this.note('an Authorisation Code', value.code)
            return value
          })
        : answer
    }
    return Object.fromEntries(
      Object.entries(auth).map(([part, methods]) => [
        part,
        part === 'policy'
          ? methods
          : Object.fromEntries(
              Object.entries(methods as object).map(([name, method]) => [
                name,
                noted(`${part}.${name}`, method),
              ]),
            ),
      ]),
    ) as unknown as Authentication
  }
}

/** Calls every operation with secrets where they belong and where they do not: each must keep them to itself. */
const misuse = async (auth: Authentication, secret: string, session: unknown): Promise<void> => {
  for (const name of operationNames) {
    const [part, operation] = name.split('.') as [keyof Authentication, string]
    const call = (auth[part] as unknown as Record<string, (input: object) => PromiseLike<unknown>>)[operation]
    const members = [
      ...secretInputs,
      'id',
      'request',
      'review',
      'actor',
      'checkpoint',
      'after',
      'lines',
      'name',
    ]
    const input = Object.fromEntries(members.map((member) => [member, secret]))
    await call?.({ ...input, session, userId: 'B0123401', system: 'DMS', by: 'HKEX', keep: () => undefined })
  }
}

const drawing = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}

const run = async (steps: readonly { name: ActionName; holder: number }[], seed: number, failsIn: number) => {
  const draw = drawing(seed)
  const watch = new Watch(draw)
  const stage = new Stage(
    {
      ...{ storage: memoryStorage(), recordCache: seed % 2 === 0 },
      policy: { emailCode: { rateLimit: { max: 100, perSeconds: 60 } }, challenge: { maxOpen: 64 } },
      between: (ports) => watch.ports(ports),
      wrap: (auth) => watch.service(auth),
    },
    draw,
  )
  await stage.open()
  watch.failsIn = failsIn
  for (const { name, holder } of steps)
    try {
      await restored(stage, stage.holders[holder] as Holder)
      const ready = await actions[name](stage, stage.holders[holder] as Holder)
      if (ready === undefined) continue
      const listed = stage.listed(ready.holder)
      const ends = await ready.run()
      stage.end(listed.filter(ends), name)
    } catch (error) {
      // A failed port ends what was begun; what it showed until then is looked at all the same.
      if (failsIn === 0) throw error
    }
  await misuse(stage.auth, `Distinct-Horse-${seed}!`, stage.tracked[0]?.session)
  watch.failsIn = 0
  watch.secrets.add(`Distinct-Horse-${seed}!`)
  await watch.meterProvider.forceFlush()
  const feed: unknown[] = []
  for (let after: string | undefined; ; ) {
    const page = await stage.service.auth.audit.feed(after === undefined ? {} : { after })
    if (page.isErr()) throw new Error(page.error.code)
    feed.push(page.value.entries)
    if (page.value.entries.length === 0) break
    after = page.value.after
  }
  const spans = watch.spans
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => [name, attributes, events, status])
  const metrics = watch.exporter
    .getMetrics()
    .map(({ scopeMetrics }) =>
      scopeMetrics.map((scope) =>
        scope.metrics.map(({ descriptor, dataPoints }) => [
          descriptor,
          dataPoints.map(({ attributes }) => attributes),
        ]),
      ),
    )
  expect(spans.length).toBeGreaterThan(operationNames.length)
  expectNone([watch.shown, spans, metrics, feed, stage.service.faults], watch.secrets)
  await watch.meterProvider.shutdown()
}

test('OBS-01, PW-15 · observer, spans, metrics, feed, reported errors and rate limiter receive no secret', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fc.constantFrom(...names), holder: fc.nat(4) }), {
        minLength: 2,
        maxLength: 6,
      }),
      fc.nat(),
      fc.constantFrom(0, 20),
      run,
    ),
    {
      numRuns: 15,
      examples: [
        [
          [
            { name: 'DMS: disable', holder: 0 },
            { name: 'HKEX: unlock', holder: 3 },
          ],
          10,
          0,
        ],
        [
          [
            { name: 'DMS: unlock', holder: 0 },
            { name: 'forgotten password', holder: 1 },
          ],
          7,
          20,
        ],
        [
          [
            { name: 'nothing that ends sessions', holder: 0 },
            { name: 'wrong codes', holder: 1 },
          ],
          8,
          0,
        ],
      ],
      endOnFailure: true,
    },
  )
  seen.expectAll()
}, 120_000)
