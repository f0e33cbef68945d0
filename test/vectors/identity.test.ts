import { nextUserId } from '../../src/identity/allocation.ts'
import { formatUserId, parseUserId, validateUserId } from '../../src/identity/user-id.ts'
import { runVectors } from './vector-files.ts'

const refused = ({ code, rule }: { readonly code: string; readonly rule: string }) => ({
  refused: code,
  rule,
})

runVectors('user-id-parse', ({ text, seochOrder }) =>
  parseUserId(text, seochOrder).match(
    (parsed) => ({ valid: true, ...parsed }),
    ({ rule, problem }) => ({ valid: false, rule, problem }),
  ),
)

runVectors('user-id-format', ({ seochOrder, ...parts }) =>
  formatUserId(parts, seochOrder).match((userId) => ({ userId }), refused),
)

runVectors('user-id-validate', ({ text, role, origin }) =>
  validateUserId(text, role, origin).match(({ userId, warnings }) => ({ userId, warnings }), refused),
)

runVectors('user-id-allocate', ({ taken, seochOrder, ...place }) =>
  nextUserId(place, new Set(taken), seochOrder).match((userId) => ({ userId }), refused),
)
