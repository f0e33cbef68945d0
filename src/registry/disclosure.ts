import { always, type Disclosure } from '../records/disclosure.ts'

/** Whoever keeps the accounts may know of them. */
export const registryDisclosure: Disclosure = {
  otherwise: { code: 'unknown-account', rule: 'ID-12' },
  disclosed: {
    'user-id-taken': always({ code: 'user-id-taken', rule: 'ID-12' }),
    'dates-reversed': always({ code: 'dates-reversed', rule: 'FLD-04' }),
  },
}
