/**
 * A second, compact implementation, written from the rulebook, that shares no code with the library. With a
 * fault it is deliberately wrong in one place. It is itself a driver.
 */
import { createHmac, randomBytes, randomInt } from 'node:crypto'
import type {
  ConformanceDriver,
  ConformanceEntry,
  DriverResult,
  MailboxMessage,
} from '../../src/conformance/index.ts'
import type { Fault } from './faults.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Role = 'User' | 'DelegatedAdministrator'
interface Code {
  readonly digits: string
  readonly until: number
  misses: number
}
interface Challenge {
  readonly token: string
  awaits: 'otp' | 'enrolOtp' | 'changePassword' | 'password code' | 'new password'
  readonly until: number
  misses: number
  channel?: 'MobileApp' | 'Email'
  device?: Buffer
}
interface User {
  readonly id: string
  readonly role: Role
  readonly email: string
  enabled: boolean
  deleted: boolean
  locked: boolean
  lockedAt: number
  countedAt: number
  password?: string | undefined
  changedAt: number
  channel?: 'MobileApp' | 'Email' | undefined
  device?: Buffer | undefined
  formerDevice?: Buffer | undefined
  lastStep: number
  deviceChange: boolean
  passwords: number
  otps: number
  challenges: Challenge[]
  sessions: { token: string; until: number }[]
  codes: Partial<Record<'otp' | 'password' | 'channel', Code>>
  formerCode?: string | undefined
  issued: Partial<Record<'otp' | 'password' | 'channel', { since: number; count: number }>>
  wrongSetUp: Partial<Record<'password' | 'channel', { since: number; count: number }>>
}
interface Request {
  readonly id: string
  maker: string
  entry: ConformanceEntry
  seen: string
  revision: number
  until: number
  open: boolean
  wrong: number
}
interface Issued {
  readonly request: string
  readonly revision: number
  readonly digits: string
  readonly until: number
  readonly session: string
}

const no = (refused: string) => ({ refused })
const base32 = (bytes: Buffer) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('')
}
const totp = (secret: Buffer, step: number) => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac[19] ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
const dayIn = (at: number, hours: number) => Math.floor((at + hours * HOUR) / DAY)

/** Creates a system, with one fault or none. */
export const secondSystem =
  (fault?: Fault) =>
  async ({ at }: { readonly at: number }): Promise<ConformanceDriver> => {
    const wrong = (name: Fault) => fault === name
    let now = at
    const users = new Map<string, User>()
    const boxes = new Map<string, MailboxMessage[]>()
    const requests = new Map<string, Request>()
    const issued = new Map<string, Issued>()
    const given = new Set<string>()
    let maximum: number | undefined

    const token = () => randomBytes(9).toString('hex')
    const mail = (to: string, message: MailboxMessage) => boxes.set(to, [...(boxes.get(to) ?? []), message])
    /** A point at which other operations can run, as with a database. */
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve))
    const find = (id: string) => {
      const user = users.get(id)
      return user?.deleted === false ? user : undefined
    }
    const ownerOf = (challenge: string) =>
      [...users.values()].find(
        (user) => !user.deleted && user.challenges.some((each) => each.token === challenge),
      )

    const isExpired = ({ changedAt }: User) => {
      if (wrong('passwords expire by calendar days')) return dayIn(now, 8) - dayIn(changedAt, 8) >= 90
      if (wrong("passwords expire by the host's days")) return dayIn(now, -4) - dayIn(changedAt, -4) >= 90
      if (wrong('passwords expire a day late')) return now >= changedAt + 91 * DAY
      return now >= changedAt + 90 * DAY
    }
    const forget = (user: User) => {
      user.challenges = []
      user.codes = {}
      user.deviceChange = false
      user.password = undefined
      user.channel = undefined
      user.device = undefined
    }
    const lockIfDue = (user: User, by: 'passwords' | 'otps' = 'passwords') => {
      const limit = wrong('locks at the sixth wrong password')
        ? 6
        : wrong('locks at the fourth wrong password')
          ? 4
          : 5
      const perSignIn = wrong('a wrong code is a failed sign-in by itself') ? 1 : 3
      if (user.passwords + Math.floor(user.otps / perSignIn) < limit) return false
      user.locked = true
      user.lockedAt = now
      user.sessions = []
      forget(user)
      const isTold =
        !wrong('the holder is not notified of a lock') &&
        !(wrong('the holder is not notified of a lock by wrong codes') && by === 'otps')
      if (isTold) mail(user.email, { kind: 'locked' })
      return true
    }
    const clear = (user: User) => {
      user.passwords = 0
      user.otps = 0
    }
    /** Applies the effects of passed time to an account, in systems that do so. */
    const age = (user: User) => {
      if (wrong('a lock ends after 30 minutes') && user.locked && now >= user.lockedAt + 30 * MINUTE) {
        user.locked = false
        clear(user)
      }
      if (wrong('counters are cleared after a day') && !user.locked && now >= user.countedAt + DAY)
        clear(user)
    }
    const count = (user: User, what: 'passwords' | 'otps') => {
      user[what] += 1
      user.countedAt = now
    }
    /** Reads, lets others run, and writes: the fault of a counter without a transaction. */
    const countSlowly = async (user: User, what: 'passwords' | 'otps') => {
      const before = user[what]
      await pause()
      user[what] = before + 1
    }
    const countsSlowly = wrong('parallel failures overwrite each other')
    const allowed = (window: { since: number; count: number } | undefined, max: number, length: number) =>
      window === undefined || now >= window.since + length || window.count < max
    const used = (window: { since: number; count: number } | undefined, length: number) =>
      window === undefined || now >= window.since + length
        ? { since: now, count: 1 }
        : { since: window.since, count: window.count + 1 }
    const send = (user: User, purpose: 'otp' | 'password' | 'channel') => {
      const digits = Array.from({ length: purpose === 'otp' ? 6 : 8 }, () => randomInt(10)).join('')
      const valid = wrong('emailed codes are valid for ten minutes') ? 10 * MINUTE : 5 * MINUTE
      user.formerCode = user.codes[purpose]?.digits
      user.codes[purpose] = { digits, until: now + valid, misses: 0 }
      user.issued[purpose] = used(user.issued[purpose], 15 * MINUTE)
      mail(user.email, { kind: 'code', code: digits })
    }
    const canSend = (user: User, purpose: 'otp' | 'password' | 'channel') =>
      allowed(user.issued[purpose], 5, 15 * MINUTE)
    const isGood = (user: User, purpose: 'otp' | 'password' | 'channel', digits: string) => {
      const code = user.codes[purpose]
      if (wrong('an older emailed code is still accepted') && user.formerCode === digits) return true
      const ends = wrong('an emailed code is accepted at the moment that it expires') ? 1 : 0
      return code !== undefined && code.digits === digits && now < code.until + ends
    }
    const open = (user: User, awaits: Challenge['awaits']): Challenge => {
      const until = now + 10 * MINUTE
      const challenge: Challenge = { token: token(), awaits, until, misses: 0 }
      user.challenges = user.challenges.filter(
        (each) => now < each.until || wrong('a challenge never expires'),
      )
      const alike = user.challenges.filter((each) => each.awaits === awaits)
      if (user.challenges.length >= 16 && alike.length >= 16) close(user, alike[0])
      user.challenges.push(challenge)
      return challenge
    }
    const close = (user: User, challenge: Challenge | undefined) => {
      user.challenges = user.challenges.filter((each) => each !== challenge)
    }
    const challengeOf = (user: User | undefined, name: string, ...awaits: readonly Challenge['awaits'][]) => {
      if (user === undefined || user.locked || !(user.enabled || wrong('disabled accounts sign in')))
        return undefined
      const found = user.challenges.find((each) => each.token === name && awaits.includes(each.awaits))
      return found !== undefined && (now < found.until || wrong('a challenge never expires'))
        ? found
        : undefined
    }
    /** The step within the window to which an app's code belongs. */
    const stepOf = (secret: Buffer | undefined, code: string) => {
      const present = Math.floor(now / (30 * SECOND))
      const far = wrong('codes two steps away are accepted')
        ? 2
        : wrong('only the code of the current step is accepted')
          ? 0
          : 1
      for (let away = -far; away <= far; away++)
        if (secret !== undefined && totp(secret, present + away) === code) return present + away
      return undefined
    }
    const sessionOf = (name: string) => {
      const user = [...users.values()].find((each) => each.sessions.some((session) => session.token === name))
      const session = user?.sessions.find((each) => each.token === name)
      if (user === undefined || session === undefined || user.deleted) return undefined
      if (now >= session.until && !wrong('sessions never end')) return undefined
      if (user.channel === undefined && !wrong('sessions outlive an unlock')) return undefined
      return user.enabled || wrong('sessions outlive disabling') || wrong('disabled accounts sign in')
        ? user
        : undefined
    }
    const newPassword = (user: User, password: string, keep?: string) => {
      if (user.password === undefined || !wrong('a new password keeps the age of the first'))
        user.changedAt = now
      user.password = password
      user.challenges = []
      user.codes = {}
      if (!wrong('other sessions outlive a new password'))
        user.sessions = user.sessions.filter((each) => each.token === keep)
    }

    // Accounts
    const total = () =>
      [...users.values()].filter((user) => !user.deleted || wrong('deleted accounts use quota')).length
    const isTaken = (id: string) => given.has(id)
    const isFull = () => maximum !== undefined && total() >= maximum && !wrong('the quota is not checked')
    const add = (id: string, role: Role, email: string, taken: boolean, full: boolean): DriverResult => {
      if (taken) return no('taken')
      if (full) return no('full')
      given.add(id)
      users.set(id, {
        ...{
          id,
          role,
          email,
          enabled: true,
          deleted: false,
          locked: false,
          lockedAt: 0,
          countedAt: 0,
          changedAt: 0,
        },
        ...{ lastStep: 0, deviceChange: false, passwords: 0, otps: 0 },
        ...{ challenges: [], sessions: [], codes: {}, issued: {}, wrongSetUp: {} },
      })
      return {}
    }
    const create = async (id: string, role: Role, email: string): Promise<DriverResult> => {
      const [taken, full] = [isTaken(id), isFull()]
      const racesForId = wrong('a User ID is allocated twice in parallel')
      const racesForQuota = wrong('the quota is read, then written')
      if (racesForId || racesForQuota) await pause()
      return add(id, role, email, racesForId ? taken : isTaken(id), racesForQuota ? full : isFull())
    }
    const setEnabled = (user: User, enabled: boolean) => {
      if (!enabled && !wrong('disabled accounts sign in')) {
        if (!wrong('sessions outlive disabling')) user.sessions = []
        user.challenges = []
        user.codes = {}
      }
      user.enabled = enabled
    }
    const unlock = (user: User) => {
      const { device, password, lastStep, channel, challenges } = user
      user.locked = false
      clear(user)
      forget(user)
      user.issued = {}
      user.wrongSetUp = {}
      if (!wrong('sessions outlive an unlock')) user.sessions = []
      if (wrong('the old device is accepted after an unlock') && device !== undefined)
        Object.assign(user, { device, channel, lastStep })
      if (wrong('the old password is accepted after an unlock')) user.password = password
      if (wrong('open sign-ins survive an unlock')) user.challenges = challenges
    }
    const remove = (user: User) => {
      user.deleted = true
      if (wrong("a deleted account's User ID is given again")) given.delete(user.id)
    }

    // DMS
    const administratorOf = (session: string) => {
      const user = sessionOf(session)
      return user?.role === 'DelegatedAdministrator' ? user : undefined
    }
    const seenOf = (entry: ConformanceEntry) => {
      const user = find(entry.userId)
      if (user === undefined) return 'none'
      const channel = entry.kind === 'unlock' ? (user.channel ?? 'none') : ''
      return `${user.email} ${user.enabled} ${channel}`
    }
    const fitsEntry = (entry: ConformanceEntry) => {
      const about = find(entry.userId)
      if (entry.kind === 'create') {
        if (given.has(entry.userId)) return no('taken')
        return maximum !== undefined && total() < maximum ? undefined : no('full')
      }
      if (about === undefined) return no('unknown')
      return about.role === 'User' ? undefined : no('not allowed')
    }
    const isOpen = (request: Request | undefined): request is Request =>
      request?.open === true && (now < request.until || wrong('requests never expire'))

    return {
      advance: async ({ milliseconds }) => {
        now += milliseconds
        for (const user of users.values()) age(user)
      },
      mailbox: async ({ email }) => boxes.get(email) ?? [],
      createAccount: async ({ userId, role, email }) => create(userId, role, email),
      setStatus: async ({ userId, status }) => {
        const user = find(userId)
        if (user === undefined) return no('unknown')
        if (user.enabled !== (status === 'ENABLED')) setEnabled(user, status === 'ENABLED')
        return {}
      },
      unlock: async ({ userId }) => {
        const user = find(userId)
        if (user === undefined) return no('unknown')
        unlock(user)
        return {}
      },
      deleteAccount: async ({ userId }) => {
        const user = find(userId)
        if (user === undefined) return no('unknown')
        remove(user)
        return {}
      },
      setMaximum: async (input) => {
        maximum = input.maximum
        return {}
      },
      isLocked: async ({ userId }) => find(userId)?.locked ?? false,

      requestPasswordCode: async ({ userId }) => {
        const user = find(userId)
        const mayReset =
          user?.enabled &&
          (!user.locked || wrong('a locked account can reset its password')) &&
          (user.channel !== 'Email' || wrong('email users can reset their password')) &&
          allowed(user.wrongSetUp.password, 10, DAY) &&
          canSend(user, 'password')
        if (wrong('a reset reveals whether an account exists') && user === undefined) return no('unknown')
        if (!mayReset) return { challenge: token() }
        const challenge = open(user, 'password code')
        send(user, 'password')
        return { challenge: challenge.token }
      },
      confirmPasswordCode: async ({ challenge: name, code }) => {
        if (!/^\d{8}$/.test(code)) return no('malformed')
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'password code')
        if (user === undefined || challenge === undefined) return no('code refused')
        if (isGood(user, 'password', code)) {
          if (wrong('a reset code is accepted twice in parallel')) await pause()
          delete user.codes.password
          challenge.awaits = 'new password'
          return {}
        }
        if (wrong('wrong set-up codes count as failed sign-ins')) {
          count(user, 'passwords')
          lockIfDue(user)
        }
        missSetUp(user, 'password')
        return no('code refused')
      },
      setPassword: async ({ challenge: name, password }) => {
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'new password', 'changePassword')
        if (user === undefined || challenge === undefined) return no('ended')
        if (user.password === password && !wrong('the same password is accepted again'))
          return no('used before')
        const first = user.channel === undefined
        if (challenge.awaits === 'changePassword' && wrong('changing an expired password clears the counter'))
          clear(user)
        if (challenge.awaits === 'new password' && wrong('a reset clears the counter')) clear(user)
        const { sessions } = user
        newPassword(user, password)
        if (first) user.sessions = sessions
        if (!wrong('a reset signs in') || first) return {}
        const session = { token: token(), until: now + 8 * HOUR }
        user.sessions.push(session)
        return { session: session.token }
      },

      beginSignIn: async ({ userId, password, system }) => {
        const user = find(userId)
        const isAdministrator = user?.role === 'DelegatedAdministrator'
        const atHome =
          isAdministrator === (system === 'DMS') || (wrong('users sign in to DMS') && !isAdministrator)
        if (user === undefined)
          return no(wrong('the answer reveals that a user is unknown') ? 'unknown' : 'refused')
        if (user.locked)
          return no(wrong('the answer reveals that an account is locked') ? 'locked' : 'refused')
        if (!user.enabled && !wrong('disabled accounts sign in')) return no('refused')
        if (!atHome || user.password === undefined) return no('refused')
        if (
          user.channel === undefined &&
          now >= user.changedAt + 7 * DAY &&
          !wrong('an expired password signs in')
        )
          return no('refused')
        if (password !== user.password) {
          if (countsSlowly) await countSlowly(user, 'passwords')
          else count(user, 'passwords')
          lockIfDue(user)
          return no('refused')
        }
        if (wrong('a correct password clears the counter')) clear(user)
        if (user.channel !== undefined && isExpired(user) && !wrong('an expired password signs in'))
          return { next: 'changePassword', challenge: open(user, 'changePassword').token }
        if (
          user.channel === undefined ||
          (user.deviceChange && wrong('a change of device requires only the password'))
        )
          return { next: 'enrolOtp', challenge: open(user, 'enrolOtp').token }
        if (user.channel === 'Email') {
          if (!canSend(user, 'otp')) return no('too many codes')
          send(user, 'otp')
        }
        return { next: 'otp', challenge: open(user, 'otp').token }
      },
      confirmOtp: async ({ challenge: name, code }) => {
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'otp')
        if (user === undefined || challenge === undefined) return no('ended')
        if (!/^\d{6}$/.test(code) && !wrong('a malformed code is counted')) return no('malformed')
        const step =
          user.channel === 'Email'
            ? isGood(user, 'otp', code)
              ? 0
              : undefined
            : (stepOf(user.device, code) ??
              (wrong('the old device is accepted after a change')
                ? stepOf(user.formerDevice, code)
                : undefined))
        const isFresh =
          user.channel === 'Email' ||
          (step !== undefined && step > user.lastStep) ||
          (wrong('a code older than the last one is accepted') && step !== user.lastStep) ||
          wrong('a used code is accepted again')
        if (wrong('a code is accepted twice in parallel')) await pause()
        if (step === undefined || !isFresh) {
          if (countsSlowly) await countSlowly(user, 'otps')
          else count(user, 'otps')
          challenge.misses += 1
          const alone = wrong('wrong codes are counted in each sign-in alone')
          if (alone) user.otps += challenge.misses % 3 === 0 ? 2 : -1
          if (lockIfDue(user, 'otps')) return no('ended')
          const isLast = challenge.misses >= 3 || (user.otps % 3 === 0 && !alone)
          if (isLast && !wrong('the third wrong code does not end the sign-in')) close(user, challenge)
          return no('code refused')
        }
        if (user.channel !== 'Email') user.lastStep = step
        if (user.deviceChange) {
          challenge.awaits = 'enrolOtp'
          return { next: 'enrolOtp' }
        }
        close(user, challenge)
        delete user.codes.otp
        clear(user)
        const session = { token: token(), until: now + 8 * HOUR }
        user.sessions = [
          ...user.sessions.filter((each) => now < each.until || wrong('sessions never end')),
          session,
        ]
        while (user.sessions.length > 16) user.sessions.shift()
        return { next: 'done', session: session.token }
      },
      resendCode: async ({ challenge: name }) => {
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'otp')
        if (user === undefined || challenge === undefined || user.channel !== 'Email') return no('ended')
        if (!canSend(user, 'otp')) return no('too many codes')
        if (wrong('another code by email clears the counter')) clear(user)
        send(user, 'otp')
        return {}
      },
      cancelSignIn: async ({ challenge: name }) => {
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'otp', 'enrolOtp', 'changePassword')
        if (user === undefined) return no('ended')
        // A challenge of a disabled or expired account is found too: ending it reveals nothing.
        if (challenge === undefined) return no('ended')
        if (wrong('cancelling clears the counter')) clear(user)
        close(user, challenge)
        return {}
      },

      chooseChannel: async ({ challenge: name, channel }) => {
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'enrolOtp')
        if (user === undefined || challenge === undefined) return no('ended')
        if (!allowed(user.wrongSetUp.channel, 10, DAY)) return no('too many attempts')
        if (channel === 'Email' && !canSend(user, 'channel')) return no('too many codes')
        challenge.channel = channel
        if (channel === 'Email') {
          send(user, 'channel')
          return {}
        }
        challenge.device = randomBytes(20)
        return { secret: base32(challenge.device) }
      },
      confirmChannel: async ({ challenge: name, code }) => {
        const user = ownerOf(name)
        const challenge = challengeOf(user, name, 'enrolOtp')
        if (user === undefined || challenge === undefined || challenge.channel === undefined)
          return no('ended')
        if (!(challenge.channel === 'Email' ? /^\d{8}$/ : /^\d{6}$/).test(code)) return no('malformed')
        const step = challenge.channel === 'Email' ? undefined : stepOf(challenge.device, code)
        const isRight = challenge.channel === 'Email' ? isGood(user, 'channel', code) : step !== undefined
        if (!isRight) {
          missSetUp(user, 'channel')
          return no('code refused')
        }
        const changes = user.channel !== undefined
        user.channel = challenge.channel
        user.formerDevice = user.device
        user.device = challenge.device
        const forgets =
          wrong('the code of the enrolment is accepted again') ||
          (changes && wrong('a change of device forgets the last code'))
        user.lastStep = forgets ? 0 : (step ?? 0)
        user.deviceChange = false
        user.challenges = []
        user.codes = {}
        if (changes) user.sessions = []
        return {}
      },

      checkSession: async ({ session }) => (sessionOf(session) === undefined ? no('ended') : {}),
      changePassword: async ({ session, current, password }) => {
        const user = sessionOf(session)
        if (user === undefined || user.channel === undefined) return no('ended')
        if (current !== user.password) {
          if (!wrong('a wrong current password is not counted')) count(user, 'passwords')
          lockIfDue(user)
          return no('refused')
        }
        if (password === user.password && !wrong('the same password is accepted again'))
          return no('used before')
        newPassword(user, password, session)
        return {}
      },
      changeDevice: async ({ session }) => {
        const user = sessionOf(session)
        if (user === undefined || user.channel === undefined) return no('ended')
        if (user.channel === 'Email' && !wrong('email users can change a device')) return no('no app')
        user.deviceChange = true
        return {}
      },

      proposeUserId: async ({ session }) => {
        if (administratorOf(session) === undefined) return no('not allowed')
        const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
        for (const first of alphabet)
          for (const second of alphabet)
            if (!(/[XYZ]/.test(first) && /[1-9]/.test(second)) && !given.has(`B01234${first}${second}`))
              return { userId: `B01234${first}${second}` }
        return no('none left')
      },
      enterRequest: async ({ session, entry }) => {
        const maker = administratorOf(session)
        if (maker === undefined) return no('not allowed')
        const unfit = fitsEntry(entry)
        if (unfit !== undefined) return unfit
        const id = token()
        const seen = seenOf(entry)
        requests.set(id, {
          id,
          maker: maker.id,
          entry,
          seen,
          revision: 1,
          until: now + DAY,
          open: true,
          wrong: 0,
        })
        return { request: id }
      },
      amendRequest: async ({ session, request: name, entry }) => {
        const maker = administratorOf(session)
        const request = requests.get(name)
        if (maker === undefined) return no('not allowed')
        const unfit = fitsEntry(entry)
        if (unfit !== undefined) return unfit
        if (!isOpen(request)) return no('not open')
        if (request.maker !== maker.id) return no('not the maker')
        Object.assign(request, {
          entry,
          seen: seenOf(entry),
          revision: request.revision + 1,
          until: now + DAY,
        })
        return {}
      },
      withdrawRequest: async ({ session, request: name }) => {
        const maker = administratorOf(session)
        const request = requests.get(name)
        if (maker === undefined || !isOpen(request) || request.maker !== maker.id) return no('not allowed')
        request.open = false
        return {}
      },
      getAuthorisationCode: async ({ session, request: name }) => {
        const checker = administratorOf(session)
        const request = requests.get(name)
        if (checker === undefined || !isOpen(request)) return no('not allowed')
        const other = wrong('the maker is a checker') || wrong('the maker is a checker with another spelling')
        if (request.maker === checker.id && !other) return no('maker')
        const digits = String(randomInt(100_000_000)).padStart(8, '0')
        const until = Math.min(
          now + 5 * MINUTE,
          checker.sessions.find((each) => each.token === session)?.until ?? now,
        )
        issued.set(checker.id, { request: name, revision: request.revision, digits, until, session })
        return { code: digits }
      },
      confirmRequest: async ({ session, request: name, checkerId, code }) => {
        const maker = administratorOf(session)
        const request = requests.get(name)
        if (maker === undefined || !isOpen(request)) return no('not open')
        const checker = find(checkerId.toUpperCase())
        const isMaker = wrong('the maker is a checker with another spelling')
          ? request.maker === checkerId
          : request.maker === checkerId.toUpperCase() && !wrong('the maker is a checker')
        if (isMaker) return no('maker')
        if (request.maker !== maker.id) return no('not the maker')
        if (request.seen !== seenOf(request.entry) && !wrong('a stale profile is confirmed')) {
          request.open = false
          return no('stale')
        }
        const reject = () => {
          request.wrong += 1
          if (request.wrong >= 3 && !wrong('wrong confirmations are not counted')) {
            request.wrong = 0
            for (const [who, each] of issued) if (each.request === name) issued.delete(who)
          }
          return no('refused')
        }
        const its = checker === undefined ? undefined : issued.get(checker.id)
        if (checker?.role !== 'DelegatedAdministrator' || its === undefined) return reject()
        const able =
          (checker.enabled &&
            !checker.locked &&
            checker.sessions.some((each) => each.token === its.session)) ||
          wrong('a disabled checker confirms')
        if (!able) return reject()
        if (now >= its.until && !wrong('Authorisation Codes are good for ever')) return reject()
        if (its.request !== name && !wrong('a code is accepted for another request')) return reject()
        if (its.digits !== code) return reject()
        if (
          its.revision !== request.revision &&
          !wrong('an amended request is confirmed by the former approval')
        )
          return no('amended')
        const { entry } = request
        const about = find(entry.userId)
        if (entry.kind === 'create') {
          const created = add(entry.userId, 'User', entry.email, isTaken(entry.userId), isFull())
          if ('refused' in created) return created
        } else if (about === undefined) return no('unknown')
        else if (about.role !== 'User') return no('not allowed')
        else if (entry.kind === 'delete') remove(about)
        else if (entry.kind === 'unlock') unlock(about)
        else if (about.enabled !== (entry.kind === 'enable')) setEnabled(about, entry.kind === 'enable')
        if (!wrong('a request is confirmed twice')) issued.delete(checker.id)
        request.open = wrong('a request is confirmed twice')
        return {}
      },
    }

    /** Wrong set-up codes have a separate budget: three per code, ten per day. */
    function missSetUp(user: User, purpose: 'password' | 'channel') {
      const code = user.codes[purpose]
      if (code !== undefined) {
        code.misses += 1
        if (code.misses >= 3) delete user.codes[purpose]
      }
      user.wrongSetUp[purpose] = used(user.wrongSetUp[purpose], DAY)
      if (allowed(user.wrongSetUp[purpose], 10, DAY)) return
      delete user.codes[purpose]
      const awaited = purpose === 'password' ? 'password code' : 'enrolOtp'
      user.challenges = user.challenges.filter((each) => each.awaits !== awaited)
    }
  }
