import { nextUserId } from '../../src/identity/allocation.ts'
import { admitUserId, parseUserId, printUserId } from '../../src/identity/user-id.ts'
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

runVectors('user-id-print', ({ seochOrder, ...parts }) =>
  printUserId(parts, seochOrder).match((userId) => ({ userId }), refused),
)

runVectors('user-id-admit', ({ text, role, origin }) =>
  admitUserId(text, role, origin).match(({ userId, warnings }) => ({ userId, warnings }), refused),
)

runVectors('user-id-allocate', ({ taken, seochOrder, ...place }) =>
  nextUserId(place, new Set(taken), seochOrder).match((userId) => ({ userId }), refused),
)
