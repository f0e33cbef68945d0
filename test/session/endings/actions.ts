/** Everything that ends sessions, and much that does not: each with the sessions that it ends, as the rulebook says. */
import { DAY, hongKongDay, SECOND } from '../../../src/kernel/instant.ts'
import { good } from '../../support/test-service.ts'
import { wrong, wrongPasswords } from '../../support/user-journeys.ts'
import { bystanders } from './bystanders.ts'
import { by, decommissioning, type Holder, type Stage, type Tracked } from './stage.ts'

/** An action that is ready to run: afterwards it says which of the sessions that were open before have ended. */
export interface Ready {
  readonly holder: Holder
  readonly run: () => Promise<(one: Tracked) => boolean>
}

/** Prepares an action; `undefined` where it makes no sense now. */
type Action = (stage: Stage, holder: Holder) => Promise<Ready | undefined>

const MINUTE = 60 * SECOND

const all = () => true
const none = () => false

const isUser = ({ userId }: Holder) => !userId.includes('X')

/** An action on a holder who is set up and has at least so many sessions that hold. */
const onSessions =
  (atLeast: number, work: (stage: Stage, holder: Holder, live: readonly Tracked[]) => Ready['run']): Action =>
  async (stage, holder) => {
    if (holder.stage !== 'set up') return undefined
    while (stage.live(holder).filter(({ card }) => card === undefined).length < atLeast)
      await stage.signIn(holder)
    const live = stage.live(holder).filter(({ card }) => card === undefined)
    return { holder, run: work(stage, holder, live) }
  }

/** A change by an administrator, which ends every session. */
const change = (changes: (holder: Holder) => object, stageAfter?: Holder['stage']): Action =>
  onSessions(1, (stage, holder) => async () => {
    await good(stage.auth.registry.change({ userId: holder.userId, by, changes: changes(holder) }))
    if (stageAfter !== undefined) holder.stage = stageAfter
    return all
  })

/** Attempts that can lock the account. Another sign-in in between clears their count. */
const guessing = (
  guess: (stage: Stage, holder: Holder, live: readonly Tracked[]) => Promise<unknown>,
): Action =>
  onSessions(1, (stage, holder, live) => async () => {
    await guess(stage, holder, live)
    const { locked } = await good(stage.auth.registry.view({ userId: holder.userId }))
    if (locked) holder.stage = 'locked'
    return locked ? all : none
  })

/** What a Delegated Administrator enters and another confirms. */
const throughDms =
  (
    entry: (holder: Holder) => Parameters<Stage['auth']['dms']['enter']>[0]['entry'],
    stageAfter?: Holder['stage'],
  ): Action =>
  async (stage, holder) => {
    const [maker, checker] = stage.holders.filter((one) => one.userId.includes('X'))
    if (maker?.stage !== 'set up' || checker?.stage !== 'set up' || !isUser(holder)) return undefined
    const ready = await onSessions(1, () => async () => all)(stage, holder)
    if (ready === undefined) return undefined
    const [{ session }, approving] = [await stage.signIn(maker), await stage.signIn(checker)]
    const { request } = await good(stage.auth.dms.enter({ session, entry: entry(holder) }))
    const review = await good(stage.auth.dms.review({ session: approving.session, request }))
    const issued = await good(stage.auth.dms.getAuthorisationCode({ session: approving.session, review }))
    return {
      holder,
      run: async () => {
        const checkerId = checker.userId
        await good(stage.auth.dms.confirm({ session, request, checkerId, authorisationCode: issued.code }))
        if (stageAfter !== undefined) holder.stage = stageAfter
        return all
      },
    }
  }

const clientConnect = (id: string, role: 'Maker' | 'Checker') => ({
  ...{ id, name: id, email: `${id}@abc.example`, participant: 'B01234' },
  ...{ rights: ['EU_UserMaintenance'], roles: [role] },
})

/** What HKEX does to a Delegated Administrator's account by DA 3. */
const throughHkex =
  (action: 'unlock' | 'disable', stageAfter: Holder['stage']): Action =>
  async (stage, holder) => {
    if (isUser(holder)) return undefined
    const ready = await onSessions(1, () => async () => all)(stage, holder)
    if (ready === undefined) return undefined
    const [maker, checker] = [
      clientConnect('c.cheung', 'Maker'),
      clientConnect('d.wong', 'Checker'),
    ] as never[]
    const { email = '' } = await good(stage.auth.registry.view({ userId: holder.userId }))
    const contents = {
      clearingHouse: 'HKSCC',
      lines: [{ type: 'status', userId: holder.userId, email, action }],
      contact: { name: 'AAA', email: 'aaa@bank.example', telephone: '29797111' },
      declared: true,
    } as const
    const { eservices } = stage.auth
    const { id } = await good(eservices.draft({ actor: maker as never, form: 'DA 3', contents }))
    await good(eservices.submit({ actor: maker as never, id, users: [checker as never] }))
    await good(eservices.claim({ actor: checker as never, id }))
    await good(eservices.confirm({ actor: checker as never, id }))
    const { forms } = await good(eservices.sent({}))
    const form = forms.find((one) => one.id === id)
    if (form === undefined) throw new Error('the form does not wait')
    return {
      holder,
      run: async () => {
        const [report] = await good(stage.auth.eservices.process({ form, by }))
        if (report?.outcome.kind !== 'accepted') throw new Error(JSON.stringify(report))
        holder.stage = stageAfter
        return all
      },
    }
  }

/** Time passes: nothing is committed, and sessions are refused from an instant on. */
const waiting =
  (until: (stage: Stage, holder: Holder) => Promise<number | undefined>): Action =>
  async (stage, holder) => {
    const at = await until(stage, holder)
    if (at === undefined || at <= stage.service.clock.now()) return undefined
    return {
      holder,
      run: async () => {
        stage.service.clock.set(at)
        return none
      },
    }
  }

/** An action on a holder with a smartcard, who is signed in with it, and by password and code too where `both` says so. */
const onCard =
  (both: boolean, work: (stage: Stage, holder: Holder) => Ready['run']): Action =>
  async (stage, holder) => {
    if (holder.card === undefined || stage.service.clock.now() > decommissioning - DAY) return undefined
    if (holder.stage !== 'by smartcard' && holder.stage !== 'set up') return undefined
    if (both && holder.stage === 'by smartcard') await stage.setUp(holder)
    await stage.byCard(holder)
    if (both) await stage.signIn(holder)
    return { holder, run: work(stage, holder) }
  }

/** Self-service is for those with an authenticator app: one who gets codes by email sets up again. */
const withApp = async (stage: Stage, holder: Holder): Promise<void> => {
  if (holder.stage !== 'set up' || holder.channel === 'MobileApp') return
  await good(stage.auth.registry.unlock({ userId: holder.userId, by }))
  stage.end(stage.listed(holder), 'unlock')
  await stage.setUp(holder, 'MobileApp')
}

/** Every action. */
export const actions = {
  'sign out': onSessions(2, (stage, _, live) => async () => {
    const one = stage.pick(live)
    await good(stage.auth.sessions.signOut({ session: one.session }))
    return (other) => other === one
  }),
  'end one': onSessions(2, (stage, _, live) => async () => {
    const [asking, one] = [stage.pick(live), stage.pick(live)]
    await good(stage.auth.sessions.end({ session: asking.session, id: one.session.id }))
    return (other) => other === one
  }),
  'end others': onSessions(2, (stage, _, live) => async () => {
    const one = stage.pick(live)
    await good(stage.auth.sessions.endOthers({ session: one.session }))
    return (other) => other !== one
  }),
  'end all': onSessions(2, (stage, _, live) => async () => {
    await good(stage.auth.sessions.endAll({ session: stage.pick(live).session }))
    return all
  }),
  'an administrator ends all': onSessions(1, (stage, { userId }) => async () => {
    await good(stage.auth.registry.endSessions({ userId, by }))
    return all
  }),
  'two endings at once': onSessions(2, (stage, { userId }, live) => async () => {
    const one = stage.pick(live)
    const [alone, everything] = await Promise.all([
      stage.auth.sessions.signOut({ session: one.session }),
      stage.auth.registry.endSessions({ userId, by }),
    ])
    if (alone.isErr() && alone.error.code !== 'session-ended') throw new Error(alone.error.code)
    return everything.isOk() ? all : none
  }),
  'wrong passwords': guessing(async (stage, holder) => {
    await Promise.all([wrongPasswords(stage.p, holder, 3), wrongPasswords(stage.p, holder, 3)])
  }),
  'wrong codes': guessing(async (stage, holder) => {
    for (let i = 0; i < 5; i++) {
      const step = await stage.auth.signIn.begin({ ...holder, system: isUser(holder) ? 'CCASS/CCMS' : 'DMS' })
      if (step.isErr() || step.value.next !== 'otp') return
      const { challenge } = step.value
      for (let j = 0; j < 3; j++)
        await stage.auth.signIn.confirmOtp({ challenge, code: wrong(stage.codeOf(holder)) })
    }
  }),
  'wrong present passwords': guessing(async (stage, _, [one]) => {
    if (one === undefined) return
    const fresh = stage.freshPassword()
    const given = { session: one.session, current: 'Wrong-Horse-1!!!', password: fresh, confirmation: fresh }
    for (let i = 0; i < 5; i++) await stage.auth.selfService.changePassword(given)
  }),
  unlock: onSessions(1, (stage, holder) => async () => {
    await good(stage.auth.registry.unlock({ userId: holder.userId, by }))
    holder.stage = 'registered'
    return all
  }),
  disable: change(() => ({ status: 'DISABLED' }), 'disabled'),
  'disable by date': change(() => ({ disableAfter: '2023-01-01' }), 'disabled'),
  'another email': change(({ userId }) => ({
    email: `${userId.toLowerCase()}.${Math.random()}@example.com`,
  })),
  'no email': change(() => ({ email: null }), 'without email'),
  delete: async (stage, holder) =>
    // A Delegated Administrator is needed by the others.
    isUser(holder)
      ? onSessions(1, () => async () => {
          await good(stage.auth.registry.delete({ userId: holder.userId, by }))
          holder.stage = 'deleted'
          return all
        })(stage, holder)
      : undefined,
  'forgotten password': async (stage, holder) => {
    await withApp(stage, holder)
    return onSessions(1, () => async () => {
      const { passwordSetUp } = stage.auth
      const { challenge } = await good(passwordSetUp.begin({ userId: holder.userId }))
      const code = stage.service.mailer.codeFor(holder.userId) ?? ''
      await good(passwordSetUp.confirmCode({ challenge, code }))
      const password = stage.freshPassword()
      await good(passwordSetUp.complete({ challenge, password, confirmation: password }))
      holder.password = password
      return all
    })(stage, holder)
  },
  'change password': onSessions(2, (stage, holder, live) => async () => {
    const one = stage.pick(live)
    const fresh = stage.freshPassword()
    const given = { session: one.session, current: holder.password, password: fresh, confirmation: fresh }
    await good(stage.auth.selfService.changePassword(given))
    holder.password = fresh
    return stage.limits.endOnOwnChange ? (other) => other !== one : none
  }),
  'expired password': async (stage, holder) => {
    if (holder.stage !== 'set up') return undefined
    const view = await good(stage.auth.registry.view({ userId: holder.userId }))
    const expiry = view.password
    if (expiry === undefined || expiry.status === 'expired') return undefined
    if (expiry.expiresAt - 20 * MINUTE <= stage.service.clock.now()) return undefined
    stage.service.clock.set(expiry.expiresAt - 20 * MINUTE)
    await stage.signIn(holder)
    stage.service.clock.set(expiry.expiresAt)
    const step = await stage.begin(holder)
    if (step.next !== 'changePassword') throw new Error(step.next)
    return {
      holder,
      run: async () => {
        await stage.replaceExpired(holder, step.challenge)
        return none
      },
    }
  },
  'another device or channel': async (stage, holder) => {
    if (holder.stage !== 'set up') return undefined
    await withApp(stage, holder)
    const { session } = await stage.signIn(holder)
    await good(stage.auth.selfService.changeDevice({ session }))
    return {
      holder,
      run: async () => {
        await stage.signIn(holder)
        return none
      },
    }
  },
  'one sign-in too many': onSessions(2, (stage, holder) => async () => {
    for (let i = stage.live(holder).length; i <= stage.limits.maxOpen; i++) await stage.signIn(holder)
    return none
  }),
  'DMS: unlock': throughDms(
    ({ userId }) => ({ kind: 'change', userId, changes: {}, unlock: true }),
    'registered',
  ),
  'DMS: disable': throughDms(
    ({ userId }) => ({ kind: 'change', userId, changes: { status: 'DISABLED' } }),
    'disabled',
  ),
  'DMS: another email': throughDms(({ userId }) => ({
    ...{ kind: 'change', userId, changes: { email: `${userId.toLowerCase()}.${Math.random()}@example.com` } },
  })),
  'DMS: delete': throughDms(({ userId }) => ({ kind: 'delete', userId }), 'deleted'),
  'HKEX: unlock': throughHkex('unlock', 'registered'),
  'HKEX: disable': throughHkex('disable', 'disabled'),
  'the absolute limit': waiting(async (stage, holder) => {
    if (holder.stage !== 'set up') return undefined
    const { session } = await stage.signIn(holder)
    return session.expiresAt
  }),
  'the idle limit': waiting(async (stage, holder) => {
    if (holder.stage !== 'set up' || stage.limits.idleSeconds === 0) return undefined
    const { lastUsedAt } = await stage.signIn(holder)
    return lastUsedAt + stage.limits.idleSeconds * 1_000
  }),
  'the last day passes': async (stage, holder) => {
    if (holder.stage !== 'set up') return undefined
    const today = hongKongDay(stage.service.clock.now())
    const end = Date.parse(`${today}T00:00:00+08:00`) + DAY
    if (end - 20 * MINUTE <= stage.service.clock.now()) return undefined
    stage.service.clock.set(end - 20 * MINUTE)
    await stage.signIn(holder)
    await good(stage.auth.registry.change({ userId: holder.userId, by, changes: { disableAfter: today } }))
    holder.disableAfter = today
    return {
      holder,
      run: async () => {
        stage.service.clock.set(end)
        holder.stage = 'disabled'
        return none
      },
    }
  },
  'first set-up of a smartcard user': onCard(false, (stage, holder) => async () => {
    if (holder.stage === 'by smartcard') await stage.setUp(holder)
    return none
  }),
  'one sign-in by smartcard too many': onCard(true, (stage, holder) => async () => {
    for (let i = stage.live(holder).length; i <= stage.limits.maxOpen; i++) await stage.byCard(holder)
    return none
  }),
  'another smartcard': onCard(true, (stage, holder) => async () => {
    const next = `01011012000${String(10_000 + stage.draw(80_000)).slice(0, 2)}AB2`
    const smartcard = { srn: next, certificateExpiry: decommissioning + 400 * DAY }
    await good(stage.auth.registry.change({ userId: holder.userId, by, changes: { smartcard } }))
    holder.card = next
    return none
  }),
  'no smartcard': onCard(true, (stage, holder) => async () => {
    await good(stage.auth.registry.change({ userId: holder.userId, by, changes: { smartcard: null } }))
    holder.card = undefined
    return none
  }),
  'decommissioning, and user groups withdrawn': async (stage) => {
    if (stage.service.clock.now() < decommissioning) {
      stage.service.clock.set(decommissioning - 20 * MINUTE)
      for (const one of stage.holders) {
        if (one.card !== undefined && (one.stage === 'by smartcard' || one.stage === 'set up'))
          await stage.byCard(one)
        if (one.stage === 'set up') await stage.signIn(one)
      }
      stage.service.clock.set(decommissioning)
      await good(stage.auth.migration.decommissionSmartcards({ participant: 'B01234', by }))
      for (const one of stage.holders) one.card = undefined
      await stage.verify('decommissioning')
    }
    const holder = stage.holders.find((one) => !isUser(one) && one.stage === 'set up')
    if (holder === undefined) return undefined
    const grant = (userGroups: string[]) =>
      good(stage.auth.registry.change({ userId: holder.userId, by, changes: { userGroups } }))
    await grant(['11'])
    holder.groups = true
    await stage.signIn(holder, 'DMS')
    await stage.signIn(holder, 'CCASS/CCMS')
    await stage.verify('user groups')
    return {
      holder,
      run: async () => {
        await grant([])
        holder.groups = false
        return none
      },
    }
  },
  'nothing that ends sessions': onSessions(1, (stage, holder, live) => async () => {
    await bystanders(stage, holder, live)
    return none
  }),
} as const satisfies Readonly<Record<string, Action>>

export type ActionName = keyof typeof actions

/** One step on the way back to an account that can be signed in to. */
const restore = async (stage: Stage, holder: Holder): Promise<void> => {
  const { userId } = holder
  const set = (changes: object) => good(stage.auth.registry.change({ userId, by, changes }))
  switch (holder.stage) {
    case 'disabled':
      await set({ status: 'ENABLED', disableAfter: null })
      holder.disableAfter = undefined
      stage.end(stage.listed(holder), 'disabled')
      holder.stage = 'set up'
      return
    case 'without email':
      await set({ email: `${userId.toLowerCase()}@example.com` })
      stage.end(stage.listed(holder), 'email')
      holder.stage = 'set up'
      return
    case 'locked':
      await good(stage.auth.registry.unlock({ userId, by }))
      holder.stage = 'registered'
      return
    case 'registered':
      await stage.setUp(holder, stage.draw(4) === 0 ? 'Email' : holder.channel)
      return
    case 'by smartcard':
    case 'set up':
    case 'deleted':
      return
  }
}

/** Brings an account back to where it can be signed in to; nothing that ended comes back with it. */
export const restored = async (stage: Stage, holder: Holder): Promise<void> => {
  for (let i = 0; i < 3; i++) await restore(stage, holder)
}
