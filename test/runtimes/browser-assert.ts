/** `node:assert/strict` for a bundle of the testing kit: the same functions from npm. */
import assert from 'assert'

export default assert.strict
export const { AssertionError, deepStrictEqual } = assert
