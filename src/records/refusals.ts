/** Said to whoever keeps the accounts. */
export const unknownAccount = { code: 'unknown-account', rule: 'ID-12' } as const
