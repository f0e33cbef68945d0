/** Converts pieces of input to UTF-8. */
export interface Encoder<Piece> {
  push(piece: Piece): Uint8Array
  /** The rest, when there is no more input. */
  end(): Uint8Array
}

/** Concatenates bytes. */
const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * A byte that never occurs in UTF-8. It replaces an invalid character, so that its line is recognised as
 * invalid.
 */
const noCharacter = (): Uint8Array => Uint8Array.of(0xff)

/**
 * Encodes text as UTF-8, even if it is cut inside a character. Half of a surrogate pair becomes a byte that
 * never occurs in UTF-8.
 *
 * @internal
 */
export const utf8Encoder = (): Encoder<string> => {
  const encoder = new TextEncoder()
  let half = ''
  const encoded = (text: string): Uint8Array => {
    if (text.isWellFormed()) return encoder.encode(text)
    const parts = text.split(/\p{Surrogate}/u).map((part) => encoder.encode(part))
    return joined(parts.flatMap((part, i) => (i === 0 ? [part] : [noCharacter(), part])))
  }
  return {
    push: (piece) => {
      const text = half + piece
      half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : ''
      return encoded(half === '' ? text : text.slice(0, -1))
    },
    end: () => encoded(half),
  }
}

/**
 * Decodes UTF-16. The platform's decoders would replace half a surrogate pair with a valid character; this
 * one does not.
 */
const fromUtf16 = (isLittleEndian: boolean): Encoder<Uint8Array> => {
  const encoder = utf8Encoder()
  let oddByte: Uint8Array = new Uint8Array(0)
  return {
    push: (piece) => {
      const bytes = joined([oddByte, piece])
      const view = new DataView(bytes.buffer)
      const units = new Uint16Array(bytes.length >> 1)
      for (let i = 0; i < units.length; i++) units[i] = view.getUint16(2 * i, isLittleEndian)
      oddByte = bytes.slice(2 * units.length)
      return encoder.push(String.fromCharCode(...units))
    },
    end: () => joined([encoder.end(), ...(oddByte.length > 0 ? [noCharacter()] : [])]),
  }
}

const unchanged = (): Encoder<Uint8Array> => ({ push: (piece) => piece, end: () => new Uint8Array(0) })

/** How many bytes are needed to detect the encoding. */
const detectionBytes = 4

/**
 * Detects the encoding from the first bytes of a file: a byte order mark, or every second byte NUL, as in a
 * UTF-16 header of a listing. Everything else is treated as UTF-8, which is validated later.
 */
const detectEncoding = ([a, b, c, d]: Uint8Array): {
  readonly encoder: Encoder<Uint8Array>
  readonly mark: number
} => {
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoder: unchanged(), mark: 3 }
  if (a === 0xff && b === 0xfe) return { encoder: fromUtf16(true), mark: 2 }
  if (a === 0xfe && b === 0xff) return { encoder: fromUtf16(false), mark: 2 }
  if (a && b === 0 && c && d === 0) return { encoder: fromUtf16(true), mark: 0 }
  if (a === 0 && b && c === 0 && d) return { encoder: fromUtf16(false), mark: 0 }
  return { encoder: unchanged(), mark: 0 }
}

/**
 * Converts a file in UTF-8 or UTF-16 to UTF-8 without a byte order mark. Bytes that are neither are passed on
 * unchanged.
 *
 * @internal
 */
export const toUtf8 = (): Encoder<Uint8Array> => {
  let firstBytes: Uint8Array = new Uint8Array(0)
  let encoder: Encoder<Uint8Array> | undefined
  const begin = () => {
    const found = detectEncoding(firstBytes)
    encoder = found.encoder
    return { encoder, bytes: encoder.push(firstBytes.subarray(found.mark)) }
  }
  return {
    push: (piece) => {
      if (encoder !== undefined) return encoder.push(piece)
      firstBytes = joined([firstBytes, piece])
      return firstBytes.length < detectionBytes ? new Uint8Array(0) : begin().bytes
    },
    end: () => {
      if (encoder !== undefined) return encoder.end()
      const { encoder: found, bytes } = begin()
      return joined([bytes, found.end()])
    },
  }
}
