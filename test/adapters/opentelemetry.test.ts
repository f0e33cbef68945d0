/** Spans and metrics of the observer, with the SDK of OpenTelemetry and its exporters in memory. */
import {
  context as api,
  type ContextManager,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'
import { type OpenTelemetryOptions, openTelemetryObserver } from '../../src/adapters/opentelemetry.ts'
import { testService } from '../support/test-service.ts'
import { initialised, loggedIn, user } from '../support/user-journeys.ts'

const context = { source: '192.0.2.9', userAgent: 'Terminal/1.0', requestId: 'r-9' }

/** An observed service, and what the SDK exported. */
const observed = (options: OpenTelemetryOptions = {}) => {
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const observer = openTelemetryObserver({ tracerProvider, meterProvider, ...options })
  const metricsNow = async () => {
    await meterProvider.forceFlush()
    const all = exporter.getMetrics().at(-1)?.scopeMetrics ?? []
    return new Map(all.flatMap(({ metrics }) => metrics.map((metric) => [metric.descriptor.name, metric])))
  }
  const service = testService({ between: (ports) => ({ ...ports, observer }) })
  return { service, spans: () => spans.getFinishedSpans(), metricsNow, close: () => meterProvider.shutdown() }
}

test('OBS-01 · each call makes a span with name, times, outcome and rule', async () => {
  const { service, spans, close } = observed()
  const call = service.auth.signIn.begin({
    userId: user,
    password: 'Wrong-Horse-00!!',
    system: 'DMS',
    context,
  })
  service.clock.pass(40)
  await call
  const [span] = spans()
  expect(span).toMatchObject({
    name: 'signIn.begin',
    kind: SpanKind.INTERNAL,
    instrumentationScope: { name: 'ccass-2fa' },
    status: { code: SpanStatusCode.UNSET },
  })
  expect(span?.attributes).toEqual({
    'ccass_2fa.operation': 'signIn.begin',
    'ccass_2fa.outcome': 'sign-in-refused',
    'ccass_2fa.rule': 'LOCK-11',
    'error.type': 'sign-in-refused',
  })
  expect(span?.startTime[0]).toBe(Math.floor((service.clock.now() - 40) / 1_000))
  expect(span?.duration).toEqual([0, 40_000_000])
  await close()
})

test('OBS-01 · a failed port is an error of the span, and a refusal is not', async () => {
  const { service, spans, close } = observed()
  const load = service.storage.load
  Object.assign(service.storage, { load: () => Promise.reject(new Error('down')) })
  await service.auth.registry.view({ userId: user })
  Object.assign(service.storage, { load })
  await service.auth.registry.view({ userId: user })
  expect(spans().map(({ attributes, status }) => [attributes['ccass_2fa.outcome'], status.code])).toEqual([
    ['port-failed', SpanStatusCode.ERROR],
    ['unknown-account', SpanStatusCode.UNSET],
  ])
  await close()
})

test('OBS-01 · the span is a child of the active span', async () => {
  const { spans, service, close } = observed()
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
  const manager: ContextManager = {
    active: () => trace.setSpanContext(ROOT_CONTEXT, parent),
    with: (_, work, self, ...given) => work.apply(self as never, given),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  api.setGlobalContextManager(manager)
  await service.auth.registry.view({ userId: user })
  api.disable()
  expect(spans()).toMatchObject([{ parentSpanContext: { spanId: parent.spanId } }])
  expect(spans()[0]?.spanContext().traceId).toBe(parent.traceId)
  await close()
})

test('PRI-01, OBS-01 · the request context is in spans only if the host enables it, and never in metrics', async () => {
  for (const requestContext of [false, true]) {
    const { service, spans, metricsNow, close } = observed({ requestContext })
    await service.auth.registry.view({ userId: user, context })
    const told = JSON.stringify(spans().map(({ attributes }) => attributes))
    for (const value of Object.values(context)) expect(told.includes(value)).toBe(requestContext)
    const metrics = JSON.stringify([...(await metricsNow()).values()])
    for (const value of [user, ...Object.values(context)]) expect(metrics).not.toContain(value)
    if (requestContext)
      expect(spans()[0]?.attributes).toMatchObject({
        'client.address': context.source,
        'user_agent.original': context.userAgent,
      })
    await close()
  }
})

test('OBS-01 · durations and entries are metrics with attributes of bounded cardinality', async () => {
  const { service, metricsNow, close } = observed()
  const person = await initialised(service)
  await loggedIn(service, person)
  await service.auth.signIn.begin({ ...person, password: 'Wrong-Horse-00!!', system: 'CCASS/CCMS' })
  const metrics = await metricsNow()
  const duration = metrics.get('ccass_2fa.operation.duration')
  expect(duration?.descriptor.unit).toBe('s')
  const begun = duration?.dataPoints.filter(
    ({ attributes }) => attributes['ccass_2fa.operation'] === 'signIn.begin',
  )
  expect(begun?.map(({ attributes, value }) => [attributes['ccass_2fa.outcome'], value])).toMatchObject([
    ['ok', { count: 2 }],
    ['sign-in-refused', { count: 1 }],
  ])
  const entries = metrics.get('ccass_2fa.trail.entries')
  const of = (type: string) =>
    entries?.dataPoints.filter(({ attributes }) => attributes['ccass_2fa.event.type'] === type)
  expect(of('SignInCompleted')).toMatchObject([{ value: 1 }])
  expect(of('PasswordRejected')).toMatchObject([{ value: 1 }])
  expect(JSON.stringify([...metrics.values()])).not.toContain(user)
  await close()
})

test('OBS-01 · without an SDK the observer does nothing, and an unknown option is refused', async () => {
  const observer = openTelemetryObserver()
  const service = testService({ between: (ports) => ({ ...ports, observer }) })
  await loggedIn(service, await initialised(service))
  expect(service.faults).toEqual([])
  expect(() => openTelemetryObserver({ tracer: 1 } as never)).toThrow('tracer')
})
