import { utf8Encoder } from './encoding.ts'

/** A piece of a file: bytes, or text of a stream that decodes by itself. */
export type CsvChunk = Uint8Array | string

/** A web stream, as far as it is asked: `ReadableStream` is one. */
export interface CsvStream {
  /** Takes the stream; no one else reads it then. */
  getReader(): {
    /** The next piece. */
    read(): Promise<{ readonly done: boolean; readonly value?: CsvChunk | undefined }>
    /** No further piece is wanted. */
    cancel(reason?: unknown): Promise<void>
  }
}

/**
 * Where a listing comes from: a file as a text or as bytes, or piece by piece, e.g. `createReadStream(path)`,
 * `response.body`, `file.stream()`.
 */
export type CsvSource = CsvChunk | Iterable<CsvChunk> | AsyncIterable<CsvChunk> | CsvStream

/** What is looked at in one go, so that a source of one enormous piece costs no more than its own size. */
const pieceSize = 16_384

async function* fromStream(stream: CsvStream): AsyncGenerator<CsvChunk, void> {
  const reader = stream.getReader()
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isOver = done
      if (done) return
      if (value !== undefined) yield value
    }
  } finally {
    if (!isOver) await reader.cancel()
  }
}

const chunksOf = (source: CsvSource): Iterable<CsvChunk> | AsyncIterable<CsvChunk> => {
  if (typeof source === 'string' || source instanceof Uint8Array) return [source]
  return Symbol.asyncIterator in source || Symbol.iterator in source ? source : fromStream(source)
}

/** Pieces of at most {@link pieceSize}, not copied. */
function* piecesOf(chunk: CsvChunk): Generator<CsvChunk, void> {
  for (let at = 0; at < chunk.length; at += pieceSize)
    yield typeof chunk === 'string' ? chunk.slice(at, at + pieceSize) : chunk.subarray(at, at + pieceSize)
}

/**
 * The bytes of a source, in pieces of bounded size. Text becomes UTF-8. Anyone who stops reading releases the
 * source: an iterator is returned, a web stream cancelled.
 *
 * @throws anything that the source throws; a `TypeError` where a piece is neither bytes nor text.
 * @internal
 */
export async function* bytesOf(source: CsvSource): AsyncGenerator<Uint8Array, void> {
  const encoder = utf8Encoder()
  for await (const chunk of chunksOf(source)) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw new TypeError('a listing is read from bytes or text; the source gave neither')
    for (const piece of piecesOf(chunk)) yield typeof piece === 'string' ? encoder.push(piece) : piece
  }
  yield encoder.end()
}
