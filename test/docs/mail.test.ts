import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'
import { lockedMail } from '../support/mails.ts'
import { mailer, mailServer, warned, worded } from './mail-snippets.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

afterAll(async () => {
  await Promise.all([mailer.close(), worded.close()])
  await mailServer.close()
})

test('docs/mail.md shows exactly the code that this test runs', () => {
  const run = [...regionsOf(read('test/docs/mail-snippets.ts')).values()]
  expect(run).toHaveLength(2)
  expect(typeScriptOf(read('docs/mail.md'))).toEqual(run)
})

test('LOCK-11 · a host’s own wording is delivered with its fields escaped', async () => {
  expect(await worded.send(lockedMail())).toBe('delivered')
  const { subject, text, html } = mailServer.taken[0]?.mail ?? {}
  expect(subject).toBe('[Desk] CCASS/CCMS: your account is locked')
  expect(text).toContain('Desk <3>')
  expect(html).toContain('<p>Desk &lt;3&gt;</p></body>')
})

test('the mailer of the page can be constructed and reports failures', async () => {
  expect(await mailer.send({ ...lockedMail(), to: 'unknown' })).toBe('refused')
  expect(warned).toEqual([{ mail: 'account-locked', delivery: 'refused', step: 'address', uncertain: false }])
})
