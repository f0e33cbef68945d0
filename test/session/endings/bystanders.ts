/** Operations that end no session, called while sessions are open. Their answers do not matter here: what they leave does. */
import { good } from '../../support/test-service.ts'
import { by, type Holder, type Stage, type Tracked } from './stage.ts'

const context = { source: '192.0.2.7', userAgent: 'console/1', requestId: 'r-1' }

/** Calls them all, on one account. */
export const bystanders = async (stage: Stage, holder: Holder, live: readonly Tracked[]): Promise<void> => {
  const { auth } = stage
  const { userId } = holder
  const { session } = stage.pick(live)
  const participant = 'B01234'
  const page = { after: '', limit: 10 }
  const step = await stage.begin(holder, session.system)
  const { challenge } = step
  const manifest: string[] = []
  const checkpoint = await good(auth.audit.checkpoint({ keep: (lines) => void manifest.push(...lines) }))
  await Promise.all<unknown>([
    auth.signIn.resendCode({ challenge }),
    auth.signIn.begin({ userId, password: 'Wrong-Horse-9!!!', system: session.system }),
    auth.passwordSetUp.begin({ userId }),
    auth.registry.register({ userId: 'B0123409', role: 'User', origin: 'imported', by }),
    auth.registry.change({ userId, by, changes: { surname: `CHAN ${stage.draw(99)}` }, context }),
    auth.registry.setMaximum({ participant, maximum: 50, by }),
    auth.registry.totals({ participant }),
    auth.registry.view({ userId }),
    auth.access.evaluate({ userId, resource: 'terminal', site: 'primary', at: stage.service.clock.now() }),
    auth.sessions.check({ session }),
    auth.sessions.seal({ session }),
    auth.sessions.list({ session }),
    auth.migration.notInitialised({ participant, ...page }),
    auth.migration.expiring({ participant, ...page, before: stage.service.clock.now() }),
    auth.migration.lateRegistrations({ participant, ...page }),
    auth.personalData.erase({ userId, kinds: ['context', 'identity', 'contact'], by }),
    auth.personalData.applyRetention({ participant, by }),
    auth.outbox.deliver(),
    auth.audit.trail({ userId }),
    auth.audit.refusals({ userId }),
    auth.audit.feed({ limit: 10 }),
    auth.audit.records({ participant, limit: 10 }),
    auth.audit.verify({ participant, limit: 10 }),
    auth.audit.verifyCheckpoint({ checkpoint, manifest }),
    auth.eservices.sent({}),
    auth.dms.find({ session, userId }),
    auth.dms.listing({ session }),
    auth.dms.pending({ session }),
    auth.dms.enter({ session, entry: { kind: 'change', userId, changes: { surname: 'WONG' } } }),
  ])
  await stage.auth.signIn.cancel({ challenge })
  // What was wrong above is forgotten again.
  await stage.signIn(holder)
}
