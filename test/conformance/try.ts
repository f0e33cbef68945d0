import { checkConformance } from '../../src/conformance/index.ts'
import { newService } from './service-driver.ts'

const t = Date.now()
const r = await checkConformance(newService, {
  histories: Number(process.argv[2] ?? 20),
  clients: Number(process.argv[3] ?? 1),
  onProgress: (p) => console.log(p.theme, p.findings, Date.now() - t),
})
console.log(r.text)
