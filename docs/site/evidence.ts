/**
 * Collects the evidence for each rule: everything that its page shows, read from source files, tests and
 * data.
 */
import { readFileSync } from 'node:fs'
import type { Transition } from '../../src/kernel/decision-table.ts'
import { ruleOfField } from '../../src/policy/overrides.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { type Rule, rulebook } from '../../src/policy/rulebook.ts'
import { faults as conformanceFaults } from '../../test/conformance/faults.ts'
import { accountFaults } from '../../test/model/account/faulty.ts'
import { accountInvariants } from '../../test/model/account/invariants.ts'
import { administrationFaults } from '../../test/model/administration/faulty.ts'
import { administrationMachines } from '../../test/model/machines.ts'
import { shownMachines } from '../generate/machines.ts'
import { carries, type Reference, scanSource, scanTests, type TestTitle } from '../generate/scan.ts'
import { inPackage, readTree, type SourceText } from '../generate/tree.ts'

/** A place in a file. */
export interface Place {
  readonly path: string
  readonly line: number
}

/** A policy field that changes a rule. */
export interface PolicyField {
  readonly path: string
  readonly value: unknown
  readonly place: Place
}

/** A row in the table of a state machine. */
export interface RuleTransition {
  readonly machine: string
  readonly transition: Transition
}

/** The vectors of a rule in one file. */
export interface RuleVectors {
  readonly group: string
  readonly about: string
  readonly cases: readonly (Place & { readonly name: string; readonly flags: readonly string[] })[]
}

/** A statement or a fault, by name. */
export interface Named extends Place {
  readonly name: string
  /** The state machine, or the part of the histories, in which it occurs. */
  readonly of: string
}

/** A faulty system, and the shortest history with which the conformance kit finds it. */
export interface WrongSystem extends Named {
  readonly history: string
}

/** The evidence for one rule. */
export interface Evidence {
  readonly rule: Rule
  readonly fields: readonly PolicyField[]
  readonly code: readonly Reference[]
  readonly tests: readonly TestTitle[]
  readonly transitions: readonly RuleTransition[]
  readonly vectors: readonly RuleVectors[]
  readonly invariants: readonly Named[]
  readonly plantedFaults: readonly Named[]
  readonly wrongSystems: readonly WrongSystem[]
  readonly pages: readonly SourceText[]
}

const lineWhere = (text: string, what: string) => {
  const at = text.indexOf(what)
  return at === -1 ? 1 : text.slice(0, at).split('\n').length
}

const read = (path: string): SourceText => ({ path, text: readFileSync(inPackage(path), 'utf8') })

const valueAt = (path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, part) => (value as Readonly<Record<string, unknown>>)[part], defaultPolicy)

const fieldsByRule = () => {
  const { path, text } = read('src/policy/policy.ts')
  return Object.entries(ruleOfField).map(([field, rule]) => {
    const name = field.split('.').at(-1) ?? ''
    return {
      rule,
      path: field,
      value: valueAt(field),
      place: { path, line: lineWhere(text, `readonly ${name}`) },
    }
  })
}

/** The file that contains a text, with the line. */
const placeOf = (files: readonly SourceText[], what: string): Place => {
  const file = files.find(({ text }) => text.includes(what))
  return {
    path: file?.path ?? files[0]?.path ?? '',
    line: file === undefined ? 1 : lineWhere(file.text, what),
  }
}

const vectorsByRule = () =>
  readTree('vectors', '.json')
    .filter(({ path }) => path !== 'vectors/schema.json')
    .map(({ path, text }) => {
      const { group, about } = JSON.parse(text) as { readonly group: string; readonly about: string }
      const cases = text.split('\n').flatMap((line, i) => {
        if (!line.startsWith('{"rule"')) return []
        const {
          rule,
          case: name,
          flags,
        } = JSON.parse(line.replace(/,$/, '')) as {
          readonly rule: string
          readonly case: string
          readonly flags: readonly string[]
        }
        return [{ rule, name, flags, path, line: i + 1 }]
      })
      return { group, about, cases }
    })

const historiesOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    page
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.split('\n')[0] ?? '', /```text\n([\s\S]*?)```/.exec(section)?.[1] ?? '']),
  )

/** The evidence for every rule, in the order of the rulebook. `pages` are those that may mention rules. */
export const allEvidence = (pages: readonly SourceText[]): readonly Evidence[] => {
  const references = readTree('src', '.ts').flatMap(scanSource).filter(carries)
  const titles = readTree('test', '.test.ts').flatMap(scanTests)
  const fields = fieldsByRule()
  const vectors = vectorsByRule()
  const model = readTree('test/model', '.ts')
  const invariants = [
    { machine: 'an account', invariants: accountInvariants },
    ...administrationMachines.map(({ name, invariants }) => ({ machine: name, invariants })),
  ].flatMap(({ machine, invariants: own }) =>
    own.map(({ rule, name }) => ({ rule, name, of: machine, ...placeOf(model, name) })),
  )
  const planted = [
    ...accountFaults.map(({ rule, name, view }) => ({ rule, name, of: `an account: ${view}` })),
    ...administrationFaults.map(({ rule, name, machine }) => ({ rule, name, of: machine.name })),
  ].map((fault) => ({ ...fault, ...placeOf(model, fault.name) }))
  const histories = historiesOf(read('docs/conformance-findings.md').text)
  const kit = [read('test/conformance/faults.ts')]
  const wrong = Object.entries(conformanceFaults).map(([name, { rules, theme }]) => ({
    ...{ rules, name, of: theme, history: histories.get(name) ?? '' },
    ...placeOf(kit, name),
  }))
  return rulebook.map((rule) => {
    const own = <T extends { readonly rule: string }>(items: readonly T[]) =>
      items.filter((item) => item.rule === rule.id)
    return {
      rule,
      fields: own(fields),
      code: own(references),
      tests: own(titles),
      transitions: shownMachines.flatMap(({ title, transitions }) =>
        own(transitions).map((transition) => ({ machine: title, transition })),
      ),
      vectors: vectors
        .map(({ cases, ...file }) => ({ ...file, cases: own(cases) }))
        .filter(({ cases }) => cases.length > 0),
      invariants: own(invariants),
      plantedFaults: own(planted),
      wrongSystems: wrong.filter(({ rules }) => (rules as readonly string[]).includes(rule.id)),
      pages: pages.filter(({ text }) => text.includes(rule.id)),
    }
  })
}
