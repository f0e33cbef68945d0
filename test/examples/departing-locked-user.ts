/** The locked user's story under a policy of one's own, given as JSON: it must not get through. */
import { definePolicy } from 'ccass-2fa'
import { tell } from '../../examples/locked-user/tell.ts'

const policy = definePolicy(JSON.parse(process.argv[2] ?? '{}'))
process.exitCode = policy.isOk() ? await tell(policy.value) : 2
