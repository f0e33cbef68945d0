/** The notice that an account was locked. */
import { expect, test } from 'vitest'
import { initialised, user, wrongCodes, wrongPasswords } from '../support/journeys.ts'
import { good, morning, world } from '../support/world.ts'

test('LOCK-11 · the holder is told by email when the account locks, once, and at the address registered', async () => {
  const w = world()
  const person = await initialised(w)
  const before = w.mailer.mails.length
  await wrongPasswords(w, person, 7)
  await good(w.auth.notices.deliver())
  expect(w.mailer.mails.slice(before)).toEqual([
    { type: 'account-locked', to: 'b0123401@example.com', userId: user, at: w.clock.now() },
  ])
  expect(await w.storage.pendingNotices({ after: 0, limit: 10 })).toEqual([])
})

test('LOCK-11 · the notice of a lock by wrong codes, kept until the mail server takes it', async () => {
  const w = world()
  const person = await initialised(w)
  w.mailer.answer('try-again')
  await wrongCodes(w, person, 15)
  expect(await good(w.auth.notices.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 1 })
  w.mailer.answer('delivered')
  expect(await good(w.auth.notices.deliver())).toEqual({ delivered: 1, refused: 0, waiting: 0 })
  expect(w.mailer.mails.at(-1)).toMatchObject({ type: 'account-locked', userId: user })
  expect(await good(w.auth.notices.deliver())).toEqual({ delivered: 0, refused: 0, waiting: 0 })
})

test('LOCK-11 · a notice refused for good is taken off the list, and the host is told', async () => {
  const w = world()
  const person = await initialised(w)
  w.mailer.answer('refused')
  await wrongPasswords(w, person, 5)
  await good(w.auth.notices.deliver())
  expect(await w.storage.pendingNotices({ after: 0, limit: 10 })).toEqual([])
  expect(w.faults.map(({ port }) => port)).toEqual(['mailer'])
})

test('LOCK-11 · more notices wait than are taken at a time: those that go are not held up by those that do not', async () => {
  const w = world()
  const userIds = Array.from({ length: 130 }, (_, i) => `B0${String(1000 + i)}01`)
  for (const [i, userId] of userIds.entries()) {
    const notice = { type: 'account-locked', to: `${userId}@example.com`, userId, at: morning } as const
    const pending = { id: String(i), participant: userId.slice(0, 6), notice }
    await w.storage.commit({ writes: [], notices: [pending] })
  }
  const stuck = new Set(userIds.slice(0, 110))
  const service = world({
    storage: w.storage,
    between: (ports) => ({
      ...ports,
      mailer: {
        send: async (mail) =>
          'userId' in mail && stuck.has(mail.userId) ? 'try-again' : ports.mailer.send(mail),
      },
    }),
  })
  await good(service.auth.notices.deliver())
  expect(service.mailer.mails.length).toBe(20)
})
