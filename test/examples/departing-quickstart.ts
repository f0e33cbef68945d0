/** The quickstart under a policy given as JSON: it must fail. */
import { definePolicy } from 'ccass-2fa'
import { tell } from '../../examples/quickstart/tell.ts'

const policy = definePolicy(JSON.parse(process.argv[2] ?? '{}'))
process.exitCode = policy.isOk() ? await tell(policy.value) : 2
