import { checkConformance } from '../../src/conformance/index.ts'
import { type Fault, faults } from './faults.ts'
import { secondSystem } from './second-system.ts'

const [, , histories = '50', clients = '8', name] = process.argv
const names =
  name === 'none' ? [undefined] : name === undefined ? (Object.keys(faults) as Fault[]) : [name as Fault]
for (const fault of names) {
  const t = Date.now()
  const r = await checkConformance(secondSystem(fault), {
    histories: Number(histories),
    clients: Number(clients),
  })
  const found = r.findings.map((f) => f.rule)
  const ok = fault !== undefined && found.some((rule) => (faults[fault] as readonly string[]).includes(rule))
  console.log(ok ? 'FOUND' : found.length ? 'OTHER' : 'MISSED', fault, found.join(' '), Date.now() - t)
  if (name !== undefined) console.log(r.text)
}
