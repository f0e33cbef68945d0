import type { ClientConnectUser } from '../../src/eservices/model/client-connect.ts'
import type { EserviceCommand } from '../../src/eservices/model/commands.ts'
import type { EserviceContents } from '../../src/eservices/model/contents.ts'
import { eserviceDecider } from '../../src/eservices/model/decide.ts'
import { formProblems } from '../../src/eservices/model/form-checks.ts'
import { formatReference } from '../../src/eservices/model/reference.ts'
import { statusByStage } from '../../src/eservices/model/state.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { runVectors, type VectorFile } from './vector-files.ts'

const at = 1_686_000_000_000

const contents: EserviceContents = {
  clearingHouse: 'HKSCC',
  lines: [{ type: 'change', userId: 'B01234X1', changes: { email: 'new@example.com' } }],
  contact: { name: 'C Cheung', email: 'c.cheung@example.com', telephone: '+852 2522 1122' },
  declared: true,
}

interface Step {
  readonly by: string
  readonly do: string
  readonly to?: string
}

const commandOf = (step: Step, people: Readonly<Record<string, ClientConnectUser>>): EserviceCommand => {
  const phase = 'parallel-run'
  const actor = people[step.by] as ClientConnectUser
  const to = people[step.to ?? ''] as ClientConnectUser
  const commands: Readonly<Record<string, EserviceCommand>> = {
    draft: { type: 'Draft', at, actor, form: 'DA 3', contents },
    edit: { type: 'Edit', at, actor, contents },
    submit: { type: 'Submit', at, actor, phase, reference: 'DA3_00013361' },
    reclaim: { type: 'Reclaim', at, actor },
    claim: { type: 'Claim', at, actor },
    release: { type: 'Release', at, actor },
    confirm: { type: 'Confirm', at, actor, phase },
    revert: { type: 'Revert', at, actor, remark: 'Please name the account' },
    'revert-blank': { type: 'Revert', at, actor, remark: '  ' },
    refer: { type: 'Refer', at, actor, to },
    discard: { type: 'Discard', at, actor },
    'accept-line': { type: 'ProcessLine', at, line: 0, outcome: { kind: 'accepted' } },
    'refuse-line': {
      type: 'ProcessLine',
      at,
      line: 0,
      outcome: { kind: 'refused', reason: 'unknown-account', rule: 'ESV-10' },
    },
    complete: { type: 'Complete', at },
  }
  const command = commands[step.do]
  if (command === undefined) throw new Error(`unknown step: ${step.do}`)
  return command
}

const peopleOf = ({ people = {} }: VectorFile) => people as unknown as Record<string, ClientConnectUser>

runVectors('eservice-workflow', ({ steps }, file) => {
  const people = peopleOf(file)
  let form = eserviceDecider.initial
  const outcomes = steps.map((step: Step) =>
    eserviceDecider.decide(form, commandOf(step, people), defaultPolicy).match(
      (events): unknown => {
        form = events.reduce(eserviceDecider.evolve, form)
        if (form.stage === 'Unknown') return {}
        const status = statusByStage[form.stage]
        if (form.stage !== 'Claimed') return { status }
        const { id } = form.claimant
        return { status, claimedBy: Object.keys(people).find((name) => people[name]?.id === id) }
      },
      ({ reason }) => ({ refused: reason }),
    ),
  )
  return { outcomes }
})

runVectors('eservice-form', ({ form, participant, phase, clearingHouse, lines, contact, declared }) => {
  const filled = { form, participant, phase, contents: { clearingHouse, lines, contact, declared } }
  return { faults: [...new Set(formProblems(filled, defaultPolicy).map(({ reason }) => reason))] }
})

runVectors('eservice-reference', ({ form, number }) => ({ reference: formatReference(form, number) ?? null }))
