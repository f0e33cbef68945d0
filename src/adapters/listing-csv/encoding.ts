/** Takes pieces, gives UTF-8. */
export interface Encoder<Piece> {
  push(piece: Piece): Uint8Array
  /** What is left when no piece comes any more. */
  end(): Uint8Array
}

/** Bytes put together. */
const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A byte that no UTF-8 has: it stands where there was no character, so that its line is found. */
const noCharacter = (): Uint8Array => Uint8Array.of(0xff)

/**
 * Text as UTF-8, wherever it is cut. Half of a surrogate pair becomes a byte that no UTF-8 has.
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

/** Decoders of the platform would replace half a pair by a sign that looks like text; this one does not. */
const fromUtf16 = (isLittleEndian: boolean): Encoder<Uint8Array> => {
  const encoder = utf8Encoder()
  let odd: Uint8Array = new Uint8Array(0)
  return {
    push: (piece) => {
      const bytes = joined([odd, piece])
      const view = new DataView(bytes.buffer)
      const units = new Uint16Array(bytes.length >> 1)
      for (let i = 0; i < units.length; i++) units[i] = view.getUint16(2 * i, isLittleEndian)
      odd = bytes.slice(2 * units.length)
      return encoder.push(String.fromCharCode(...units))
    },
    end: () => joined([encoder.end(), ...(odd.length > 0 ? [noCharacter()] : [])]),
  }
}

const asItIs = (): Encoder<Uint8Array> => ({ push: (piece) => piece, end: () => new Uint8Array(0) })

/** How many bytes tell the encoding. */
const telling = 4

/**
 * The encoding, told by how a file begins: a byte order mark; or, without one, every second byte NUL, as
 * UTF-16 has it where a listing's header stands. Everything else is UTF-8, or will be found not to be.
 */
const told = ([a, b, c, d]: Uint8Array): { readonly encoder: Encoder<Uint8Array>; readonly mark: number } => {
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoder: asItIs(), mark: 3 }
  if (a === 0xff && b === 0xfe) return { encoder: fromUtf16(true), mark: 2 }
  if (a === 0xfe && b === 0xff) return { encoder: fromUtf16(false), mark: 2 }
  if (a && b === 0 && c && d === 0) return { encoder: fromUtf16(true), mark: 0 }
  if (a === 0 && b && c === 0 && d) return { encoder: fromUtf16(false), mark: 0 }
  return { encoder: asItIs(), mark: 0 }
}

/**
 * A file as UTF-8 without its byte order mark, whether it is UTF-8 or UTF-16. Bytes that are neither are
 * handed on as they are.
 *
 * @internal
 */
export const toUtf8 = (): Encoder<Uint8Array> => {
  let begun: Uint8Array = new Uint8Array(0)
  let encoder: Encoder<Uint8Array> | undefined
  const begin = () => {
    const found = told(begun)
    encoder = found.encoder
    return { encoder, bytes: encoder.push(begun.subarray(found.mark)) }
  }
  return {
    push: (piece) => {
      if (encoder !== undefined) return encoder.push(piece)
      begun = joined([begun, piece])
      return begun.length < telling ? new Uint8Array(0) : begin().bytes
    },
    end: () => {
      if (encoder !== undefined) return encoder.end()
      const { encoder: found, bytes } = begin()
      return joined([bytes, found.end()])
    },
  }
}
