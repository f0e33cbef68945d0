/**
 * A self-signed certificate for `localhost` and 127.0.0.1, created on the fly: the repository contains no
 * key, and no certificate expires. Just enough DER for TLS in tests.
 */
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

const element = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
const sequence = (...contents: readonly Uint8Array[]) => element(0x30, ...contents)
const oid = (...bytes: readonly number[]) => element(0x06, Buffer.from(bytes))
const text = (value: string) => element(0x0c, Buffer.from(value))
const bits = (value: Uint8Array) => element(0x03, Buffer.from([0]), value)
const time = (at: number) =>
  element(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`))

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
const commonName = oid(0x55, 0x04, 0x03)
const subjectAltName = oid(0x55, 0x1d, 0x11)
const basicConstraints = oid(0x55, 0x1d, 0x13)

/** A key and its certificate, both PEM. */
export const selfSigned = (name = 'localhost'): { readonly key: string; readonly cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const whose = sequence(element(0x31, sequence(commonName, text(name))))
  const names = sequence(
    element(0x82, Buffer.from(name)),
    ...(name === 'localhost' ? [element(0x87, Buffer.from([127, 0, 0, 1]))] : []),
  )
  const now = Date.now()
  const extensions = sequence(
    sequence(subjectAltName, element(0x04, names)),
    sequence(
      basicConstraints,
      element(0x01, Buffer.from([0xff])),
      element(0x04, sequence(element(0x01, Buffer.from([0xff])))),
    ),
  )
  const certificate = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1, ...randomBytes(8)])),
    ecdsaWithSha256,
    whose,
    sequence(time(now - 86_400_000), time(now + 86_400_000)),
    whose,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, extensions),
  )
  const signature = createSign('sha256').update(certificate).sign(privateKey)
  const der = sequence(certificate, ecdsaWithSha256, bits(signature)).toString('base64')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
