import { checkPassword } from '../../src/password/composition.ts'
import { passwordExpiry } from '../../src/password/expiry.ts'
import { policyWith, runVectors } from './vector-files.ts'

const fromUtf16 = (hex: string) =>
  String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)))

runVectors('password-composition', ({ password, utf16, policy = {} }) =>
  checkPassword(password ?? fromUtf16(utf16), policyWith({ password: policy })).match(
    (hashed) => ({ unmet: [], hashed }),
    ({ unmet }) => ({ unmet: unmet.map(({ code }) => code) }),
  ),
)

runVectors('password-expiry', ({ setAt, now, policy = {} }) =>
  passwordExpiry({ changedAt: setAt, now }, policyWith({ password: policy })),
)
