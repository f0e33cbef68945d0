import { utf8Encoder } from './encoding.ts'

/** A piece of a file: bytes, or text from a stream that decodes. */
export type CsvChunk = Uint8Array | string

/** The part of a web stream that is used here. `ReadableStream` has it. */
export interface CsvStream {
  /** Locks the stream for this reader. */
  getReader(): {
    /** Reads the next piece. */
    read(): Promise<{ readonly done: boolean; readonly value?: CsvChunk | undefined }>
    /** Signals that no further piece is needed. */
    cancel(reason?: unknown): Promise<void>
  }
}

/**
 * The source of a listing: a file as text or bytes, or piece by piece, such as `createReadStream(path)`,
 * `response.body` or `file.stream()`.
 */
export type CsvSource = CsvChunk | Iterable<CsvChunk> | AsyncIterable<CsvChunk> | CsvStream

/** How much is processed at a time, so that one huge piece needs no more memory than its own size. */
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

/** Cuts a chunk into pieces of at most {@link pieceSize} without copying. */
function* piecesOf(chunk: CsvChunk): Generator<CsvChunk, void> {
  for (let at = 0; at < chunk.length; at += pieceSize)
    yield typeof chunk === 'string' ? chunk.slice(at, at + pieceSize) : chunk.subarray(at, at + pieceSize)
}

/**
 * Reads the bytes of a source in pieces of limited size. Text is encoded as UTF-8. Stopping early releases
 * the source: an iterator is returned, a web stream is cancelled.
 *
 * @throws any error of the source. TypeError if a piece is neither bytes nor text.
 * @internal
 */
export async function* bytesOf(source: CsvSource): AsyncGenerator<Uint8Array, void> {
  const encoder = utf8Encoder()
  for await (const chunk of chunksOf(source)) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw new TypeError('a listing must be bytes or text, but the source provided neither')
    for (const piece of piecesOf(chunk)) yield typeof piece === 'string' ? encoder.push(piece) : piece
  }
  yield encoder.end()
}
