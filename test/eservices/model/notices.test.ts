import { expect, test } from 'vitest'
import { eserviceNotices } from '../../../src/eservices/model/notices.ts'
import { at, both, cheung, command, decided, lee, morning, wong } from './support.ts'

const eventsOf = (...given: Parameters<typeof decided>) => {
  const events = decided(...given)
  if (typeof events === 'string') throw new Error(events)
  return events
}

const everyone = [cheung, wong, lee, both]
const common = {
  type: 'eservice',
  reference: 'DA3_00013361',
  form: 'DA 3',
  participant: 'B01234',
  at: morning,
}

test('ESV-08 · on submission each checker is mailed for action, with the reference', () => {
  const notices = eserviceNotices(at('ReadyToSend'), eventsOf(at('Draft'), command('Submit')), everyone)
  const rest = { status: 'Ready to Send to HKEX', notification: 'for-action', processedBy: 'C Cheung' }
  expect(notices).toEqual([wong, lee, both].map(({ email: to }) => ({ ...common, ...rest, to })))
})

test('ESV-08 ESV-12 · the maker and users who may not check this form are not mailed', () => {
  const draft = { draft: { actor: both }, submit: { actor: both } }
  const events = eventsOf(at('Draft', draft), command('Submit', { actor: both }))
  const unfit = [
    { ...lee, rights: [] },
    { ...lee, participant: 'B09999' },
    { ...lee, email: both.email.toUpperCase() },
    { ...lee, email: 'l.lee@abc.example\u200b' },
  ]
  const notices = eserviceNotices(at('ReadyToSend', draft), events, [both, cheung, wong, ...unfit])
  expect(notices.map(({ to }) => to)).toEqual([wong.email])
})

test('ESV-08 · a mailbox that two checkers share gets one mail', () => {
  const shared = { ...lee, email: wong.email.toUpperCase() }
  const events = eventsOf(at('Draft'), command('Submit'))
  expect(eserviceNotices(at('ReadyToSend'), events, [wong, shared])).toHaveLength(1)
})

test('ESV-08 · on completion maker and checker are mailed for information', () => {
  const completed = at('Completed')
  const events = [{ type: 'FormCompleted', at: morning, rule: 'ESV-02' }] as const
  const rest = { status: 'Completed', notification: 'for-reference', processedBy: 'HKEX' }
  expect(eserviceNotices(completed, events, everyone)).toEqual(
    [cheung, wong].map(({ email: to }) => ({ ...common, ...rest, to })),
  )
})

test('ESV-08 · no other step is mailed', () => {
  for (const [from, given, to] of [
    ['Unknown', command('Draft'), 'Draft'],
    ['ReadyToSend', command('Claim'), 'Claimed'],
    ['Claimed', command('Confirm'), 'SentToHkex'],
    ['ReadyToSend', command('Reclaim'), 'Draft'],
  ] as const)
    expect(eserviceNotices(at(to), eventsOf(at(from), given), everyone)).toEqual([])
})

test('ESV-08 · processing the last line and completing send one mail to each person, and one to a shared mailbox', () => {
  const events = [
    { type: 'LineProcessed', at: morning, rule: 'ESV-13', line: 0, outcome: { kind: 'accepted' } },
    { type: 'FormCompleted', at: morning, rule: 'ESV-02' },
  ] as unknown as Parameters<typeof eserviceNotices>[1]
  expect(eserviceNotices(at('Completed'), events, everyone)).toHaveLength(2)
  const completed = at('Completed') as Extract<ReturnType<typeof at>, { stage: 'Completed' }>
  const shared = {
    ...completed,
    checker: { ...completed.checker, email: completed.maker.email.toUpperCase() },
  }
  expect(eserviceNotices(shared, events, everyone).map(({ to }) => to)).toEqual([completed.maker.email])
})

test('ESV-08 · without a reference, or before the form is completed, no one is notified', () => {
  const submitted = { type: 'FormSubmitted', at: morning, rule: 'ESV-02', by: cheung } as never
  const completed = { type: 'FormCompleted', at: morning, rule: 'ESV-13' } as never
  const users = [wong, lee]
  expect(eserviceNotices(at('ReadyToSend'), [submitted], users)).toHaveLength(2)
  expect(eserviceNotices(at('Draft'), [submitted], users)).toEqual([])
  const without = { ...at('Draft'), reference: undefined } as never
  expect(eserviceNotices(without, [submitted], users)).toEqual([])
  expect(eserviceNotices(at('Completed'), [completed], users)).toHaveLength(2)
  expect(eserviceNotices(at('SentToHkex'), [completed], users)).toEqual([])
})
