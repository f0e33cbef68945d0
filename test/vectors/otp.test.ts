import { checkCodeFormat, numericCode } from '../../src/otp/code.ts'
import { isFreshStep, matchTotp, timeStepAt, totpCode, totpEnrolment } from '../../src/otp/totp.ts'
import { policyWith, runVectors } from './vector-files.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

runVectors('totp-code', ({ secret, now, policy }) => {
  const totp = policyWith({ totp: policy })
  return { step: timeStepAt(now, totp), code: totpCode(bytes(secret), now, totp) }
})

runVectors('totp-match', ({ secret, code, now, policy }) => ({
  step: matchTotp({ secret: bytes(secret), code, now }, policyWith({ totp: policy })) ?? null,
}))

runVectors('totp-replay', ({ step, lastAccepted }) => ({ accepted: isFreshStep(step, lastAccepted) }))

runVectors('totp-enrolment', ({ secret, label, policy }) => {
  const enrolment = totpEnrolment(bytes(secret), label, policyWith({ totp: policy }))
  const uri = new URL(enrolment.uri)
  return {
    secret: enrolment.secret,
    scheme: uri.protocol.slice(0, -1),
    type: uri.host,
    label: decodeURIComponent(uri.pathname.slice(1)),
    parameters: Object.fromEntries(uri.searchParams),
  }
})

runVectors('code-form', ({ code, digits }) => ({ isCode: checkCodeFormat(code, digits).isOk() }))

runVectors('email-code-digits', ({ bytes: hex, digits }) => ({ code: numericCode(bytes(hex), digits) }))
