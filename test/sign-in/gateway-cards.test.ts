/** Smartcards for the Participant Gateway after launch, where HKEX issues them (MIG-18). */
import { expect, test } from 'vitest'
import { launch, migratingService } from '../support/migration.ts'
import { codeOf, good } from '../support/test-service.ts'

const userId = 'B0123477'
const smartcard = { srn: '0101101200099AB9', certificateExpiry: launch + 10 * 365 * 86_400_000 }

test.each([
  [false, 'deny'],
  [true, 'allow'],
])(
  'MIG-18 · an account created after launch: with gatewayAdmitsNewAccounts %s, the Gateway decides %s; the terminal always denies its card',
  async (gatewayAdmitsNewAccounts, decision) => {
    const service = migratingService({ policy: { smartcard: { gatewayAdmitsNewAccounts } } })
    service.clock.set(launch + 1)
    const account = { userId, role: 'User', origin: 'created', by: 'HKEX', smartcard } as const
    await good(service.auth.registry.register({ ...account, email: 'gateway@bank.example' }))
    for (const [resource, expected] of [
      ['PG', decision],
      ['terminal', 'deny'],
    ] as const) {
      const { decisions } = await good(service.auth.access.evaluate({ userId, resource }))
      expect(decisions.smartcard.decision, resource).toBe(expected)
    }
    expect(await codeOf(service.auth.smartcards.signIn({ userId, system: 'CCASS/CCMS' }))).not.toBe('ok')
  },
)
