/** What the portal and the mails both say, they say in the same words. */
import { expect, test } from 'vitest'
import { formStatusWords } from '../../examples/portal/web/shown.ts'
import { sayIn } from '../../examples/portal/web/words.ts'
import { eserviceStatus } from '../../src/adapters/mail/eservice-status.ts'

test.each(['zh-Hant', 'zh-Hans'] as const)(
  'ESV-08 · the status of a form in %s is the same in the portal and in mails',
  (locale) => {
    for (const [status, word] of Object.entries(formStatusWords))
      expect(eserviceStatus(status, locale)).toBe(`${sayIn(locale)(word)}（${status}）`)
  },
)
