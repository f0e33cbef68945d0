/**
 * A source of unpredictable bytes, fit for keys.
 *
 * @category Ports
 */
export interface RandomSource {
  /** This many fresh bytes, 1–64. */
  bytes(count: number): Uint8Array
}
