import { trailVerifier } from '../../src/aggregates.ts'
import {
  checkpointBuilder,
  formatCheckpoint,
  isIncluded,
  manifestLine,
} from '../../src/integrity/checkpoint.ts'
import type { RecordFindingCode } from '../../src/integrity/finding.ts'
import { treeHasher } from '../../src/integrity/merkle-tree.ts'
import { openingsOf, sealer } from '../../src/integrity/personal-data.ts'
import { entryHash, genesisHash } from '../../src/integrity/trail-hash.ts'

import { canonicalJson } from '../../src/kernel/canonical-json.ts'
import { runVectors } from './vector-files.ts'

runVectors('canonical-json', ({ json }) => ({ canonical: canonicalJson(JSON.parse(json)) }))

runVectors('trail-hash', ({ key, entries }) => {
  const genesis = genesisHash(key)
  let head = genesis
  const hashes = entries.map((entry: string) => {
    head = entryHash(head, JSON.parse(entry))
    return head
  })
  return { genesis, hashes }
})

runVectors('personal-reference', ({ kind, salt, value }) => {
  const { seal, openings } = sealer(() => salt)
  const reference = seal(kind, JSON.parse(value))
  const [opening] = Object.values(openingsOf(openings()))
  return { opening, reference }
})

const chainFindings: readonly RecordFindingCode[] = [
  'entry-malformed',
  'entry-changed',
  'entry-missing',
  'entry-reordered',
  'entry-duplicated',
  'tail-truncated',
  'head-mismatch',
  'version-mismatch',
]

runVectors('trail-verify', ({ key, record, entries }) => {
  const verifier = trailVerifier(key, { ...record, state: null, vault: {} })
  for (const entry of entries) verifier.add(JSON.parse(entry))
  const { beyond, findings } = verifier.finish()
  const found = findings.map(({ code }) => code).filter((code) => chainFindings.includes(code))
  return { findings: [...new Set([...found, ...(beyond === undefined ? [] : ['trail-ahead'])])].toSorted() }
})

runVectors('merkle-root', ({ leaves }) => {
  const tree = treeHasher()
  for (const leaf of leaves) tree.add(leaf)
  return { root: tree.root() }
})

runVectors('inclusion-proof', ({ proof, checkpoint }) => ({ included: isIncluded(proof, checkpoint) }))

runVectors('checkpoint', ({ at, records }) => {
  const lines = records.map(manifestLine)
  const builder = checkpointBuilder(at)
  for (const line of lines) builder.add(line)
  const checkpoint = builder.build()
  return { lines, root: checkpoint.root, text: formatCheckpoint(checkpoint) }
})
