/**
 * Writes the pages of docs/ that are made from the code, and the API reports in test/api/: `npm run docs:generate`.
 * With `--check` it writes nothing, and fails where a page is not what would be written.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { accessRules } from '../src/access-control/access-table.ts'
import { authorityTable } from '../src/access-control/authority.ts'
import { standardsPage } from '../src/audit/model/standards/page.ts'
import { defaultPolicy } from '../src/policy/policy.ts'
import { rulebook } from '../src/policy/rulebook.ts'
import { readMeasured } from '../test/bench/measured.ts'
import { rooms } from '../test/mutation/rooms.ts'
import { equivalents, recordedScores, recordedSurvivors } from '../test/mutation/scores.ts'
import { accessPage } from './generate/access-page.ts'
import { apiReports } from './generate/api-report.ts'
import { architecturePicture, importsBetween } from './generate/architecture-picture.ts'
import { authorityPage } from './generate/authority-page.ts'
import { conceptPictures } from './generate/concept-pictures.ts'
import { documentedRefusals, operationsOf } from './generate/errors.ts'
import { errorsPage } from './generate/errors-page.ts'
import { eservicePage } from './generate/eservice-page.ts'
import { formatsPage } from './generate/formats-page.ts'
import { shownMachines } from './generate/machines.ts'
import { machinesPage } from './generate/machines-page.ts'
import { mutationPage } from './generate/mutation-page.ts'
import { performancePage } from './generate/performance-page.ts'
import { svgOf } from './generate/picture.ts'
import { recipesPage } from './generate/recipes-page.ts'
import { refusalGuides } from './generate/refusal-guides.ts'
import { rulebookPage } from './generate/rulebook-page.ts'
import { scanSource, scanTests } from './generate/scan.ts'
import { siemPage } from './generate/siem-page.ts'
import { storedTypes } from './generate/stored-types.ts'
import { testsPage } from './generate/tests-page.ts'
import { traceabilityPage } from './generate/traceability-page.ts'
import { inPackage, readTree } from './generate/tree.ts'
import { type ShownVectors, vectorsPage } from './generate/vectors-page.ts'

/** A page, and how it is made. */
interface Page {
  /** Relative to the package. */
  readonly path: string
  readonly render: () => string | Promise<string>
}

const vectorFiles = () =>
  readdirSync(inPackage('vectors'))
    .filter((name) => name !== 'schema.json')
    .sort()
    .map((name) => JSON.parse(readFileSync(inPackage(`vectors/${name}`), 'utf8')) as ShownVectors)

const pages: readonly Page[] = [
  { path: 'docs/vectors.md', render: () => vectorsPage(vectorFiles()) },
  {
    path: 'docs/mutation.md',
    render: () =>
      mutationPage({
        rooms: rooms(),
        scores: recordedScores(),
        survivors: recordedSurvivors(),
        equivalents: equivalents(),
      }),
  },
  { path: 'docs/standards.md', render: () => standardsPage(defaultPolicy, { rulebook: 'rulebook.md' }) },
  { path: 'docs/rulebook.md', render: () => rulebookPage(rulebook) },
  { path: 'docs/authority.md', render: () => authorityPage(authorityTable()) },
  { path: 'docs/access.md', render: () => accessPage(accessRules) },
  { path: 'docs/eservices.md', render: eservicePage },
  { path: 'docs/performance.md', render: () => performancePage(readMeasured()) },
  { path: 'docs/recipes.md', render: recipesPage },
  { path: 'docs/siem.md', render: siemPage },
  {
    path: 'docs/pictures/architecture.svg',
    render: () =>
      svgOf(
        architecturePicture(
          importsBetween(readTree('src', '.ts'), ['adapters', 'stores', 'testing', 'conformance']),
        ),
      ),
  },
  ...Object.entries(conceptPictures).map(([name, picture]) => ({
    path: `docs/pictures/${name}.svg`,
    render: () => svgOf(picture),
  })),
  {
    path: 'docs/errors.md',
    render: () => {
      const refusals = documentedRefusals(Object.keys(refusalGuides))
      return errorsPage({
        refusals,
        operations: operationsOf(refusals.map(({ code }) => code)),
        guides: refusalGuides,
      })
    },
  },
  { path: 'docs/formats.md', render: () => formatsPage(storedTypes()) },
  { path: 'docs/machines.md', render: () => machinesPage(shownMachines) },
  {
    path: 'docs/traceability.md',
    render: () => {
      const sources = readTree('src', '.ts')
      const tests = readTree('test', '.test.ts')
      return traceabilityPage({
        rules: rulebook.map(({ id }) => id),
        references: sources.flatMap(scanSource),
        titles: tests.flatMap(scanTests),
        sourceFiles: sources.map(({ path }) => path),
        testFiles: tests.map(({ path }) => path),
      })
    },
  },
  {
    path: 'docs/tests.md',
    render: () => {
      const [sources, tests] = [readTree('src', '.ts'), readTree('test', '.ts')]
      const titles = tests.filter(({ path }) => path.endsWith('.test.ts')).flatMap(scanTests)
      return testsPage({ sources, tests, references: sources.flatMap(scanSource), titles })
    },
  },
]

const committed = (path: string) =>
  existsSync(inPackage(path)) ? readFileSync(inPackage(path), 'utf8') : undefined

const check = process.argv.includes('--check')
const stale: string[] = []
const reports: readonly Page[] = [...apiReports()].map(([path, text]) => ({ path, render: () => text }))
const reported = reports.map(({ path }) => path)
/** Reports of entry points that are gone. */
const gone = readTree('test/api', '.api.md').filter(({ path }) => !reported.includes(path))
for (const { path } of gone)
  if (check) stale.push(path)
  else rmSync(inPackage(path))
for (const { path, render } of [...pages, ...reports]) {
  const text = await render()
  if (committed(path) === text) continue
  if (check) stale.push(path)
  else {
    writeFileSync(inPackage(path), text)
    console.log(`wrote ${path}`)
  }
}
if (stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}. Run \`npm run docs:generate\` and commit the result.`)
  process.exitCode = 1
}
