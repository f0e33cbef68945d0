/**
 * The stored types of every kind of record, read from the source files: states and events, field by field.
 */
import ts from 'typescript'
import { inPackage } from './tree.ts'

/** One field of a stored object. */
export interface StoredField {
  readonly name: string
  readonly optional: boolean
  readonly type: string
}

/** One object: an event by its `type`, a state by its `stage`, or a type that others refer to. */
export interface StoredObject {
  readonly name: string
  readonly fields: readonly StoredField[]
}

/** Everything that one kind of record stores. */
export interface StoredKind {
  readonly kind: string
  readonly states: readonly StoredObject[]
  readonly events: readonly StoredObject[]
}

/** Where the types of each kind are declared. */
const sources: readonly (readonly [kind: string, state: [string, string], event: [string, string]])[] = [
  ['account', ['src/account/state.ts', 'Account'], ['src/account/events.ts', 'AccountEvent']],
  [
    'refusals',
    ['src/records/model/refusals-aggregate.ts', 'Refusals'],
    ['src/records/model/refusals-aggregate.ts', 'RefusalEvent'],
  ],
  [
    'participant',
    ['src/participant/state.ts', 'Participant'],
    ['src/participant/decide.ts', 'ParticipantEvent'],
  ],
  ['request', ['src/dms/model/request.ts', 'ProfileRequest'], ['src/dms/model/request.ts', 'RequestEvent']],
  [
    'pending-requests',
    ['src/dms/model/pending-requests.ts', 'PendingRequests'],
    ['src/dms/model/pending-requests.ts', 'PendingRequestsEvent'],
  ],
  [
    'authorisation',
    ['src/dms/model/authorisation-code.ts', 'AuthorisationCodeState'],
    ['src/dms/model/authorisation-code.ts', 'AuthorisationCodeEvent'],
  ],
  [
    'eservice',
    ['src/eservices/model/state.ts', 'Eservice'],
    ['src/eservices/model/events.ts', 'EserviceEvent'],
  ],
  [
    'reference-counter',
    ['src/eservices/model/reference-counter.ts', 'ReferenceCounter'],
    ['src/eservices/model/reference-counter.ts', 'ReferenceCounterEvent'],
  ],
  ['inbox', ['src/eservices/model/inbox.ts', 'InboxItem'], ['src/eservices/model/inbox.ts', 'InboxEvent']],
]

const programOf = (paths: readonly string[]) => {
  const configFile = inPackage('tsconfig.json')
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, ts.sys.readFile).config,
    ts.sys,
    inPackage('.'),
  )
  return ts.createProgram(paths.map(inPackage), {
    ...options,
    noEmit: true,
    incremental: false,
    composite: false,
  })
}

/**
 * Types that are printed by name instead of expanded: branded texts, and a union of about two hundred rule
 * numbers.
 */
const leaves: Readonly<Record<string, string>> = {
  RuleId: 'rule number',
  UserId: 'User ID',
}

const reader = (checker: ts.TypeChecker) => {
  /** Named types that fields refer to, in the order of their first use. */
  const named = new Map<string, ts.Type>()

  const members = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type])
  const isUndefined = (type: ts.Type) => (type.flags & ts.TypeFlags.Undefined) !== 0
  const isLiteral = (type: ts.Type) => type.isStringLiteral() || type.isNumberLiteral()
  const isPrimitive = (type: ts.Type) =>
    (type.flags &
      (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.Null)) !==
    0
  const isBrand = (type: ts.Type) => type.isIntersection() && type.types.some((part) => isPrimitive(part))

  const nameOf = (type: ts.Type) => {
    const name = type.aliasSymbol?.name ?? type.symbol?.name
    return name === undefined || name.startsWith('__') ? undefined : name
  }

  const print = (type: ts.Type): string => {
    const own = type.aliasSymbol?.name ?? ''
    if (leaves[own] !== undefined) return leaves[own]
    if (isBrand(type)) return leaves[nameOf(type) ?? ''] ?? 'text'
    if (type.isUnion()) {
      const parts = type.types.filter((part) => !isUndefined(part))
      const plain = parts.every((part) => isLiteral(part) || isPrimitive(part))
      if (plain || type.aliasSymbol === undefined) return [...new Set(parts.map(print))].join(' \\| ')
    }
    if (type.isStringLiteral()) return `"${type.value}"`
    if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return 'boolean'
    if ((type.flags & ts.TypeFlags.Null) !== 0) return 'null'
    if ((type.flags & ts.TypeFlags.StringLike) !== 0) return 'text'
    if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return 'number'
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference)
      return item === undefined ? 'list' : `list of ${print(item)}`
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String)
    if (index !== undefined) return `map of ${print(index.type)}`
    const name = nameOf(type)
    if (name !== undefined && !['Readonly', 'Record', 'Partial', 'Pick', 'Omit'].includes(name)) {
      named.set(name, type)
      return name
    }
    return `{ ${fieldsOf(type)
      .map((field) => `${field.name}${field.optional ? '?' : ''}: ${field.type}`)
      .join(', ')} }`
  }

  const fieldsOf = (type: ts.Type): readonly StoredField[] =>
    checker.getPropertiesOfType(type).map((property) => {
      const whole = checker.getTypeOfSymbol(property)
      const parts = members(whole).filter((part) => !isUndefined(part))
      const optional =
        (property.flags & ts.SymbolFlags.Optional) !== 0 || parts.length < members(whole).length
      const kept = parts.length === 1 && parts[0] !== undefined ? parts[0] : whole
      return { name: property.name, optional, type: print(kept) }
    })

  /** The members of a union, by the value of their discriminant. */
  const objects = (type: ts.Type, discriminant: string): readonly StoredObject[] =>
    members(type).flatMap((member) => {
      const property = checker.getPropertyOfType(member, discriminant)
      const value = property === undefined ? undefined : checker.getTypeOfSymbol(property)
      const names =
        value === undefined
          ? []
          : members(value).flatMap((each) => (each.isStringLiteral() ? [each.value] : []))
      return names.map((name) => ({
        name,
        fields: fieldsOf(member).filter((field) => field.name !== discriminant),
      }))
    })

  return { objects, fieldsOf, named, members }
}

/** Every kind of record with its states and events, and the types that they refer to. */
export const storedTypes = (): {
  readonly kinds: readonly StoredKind[]
  /** The notices in the outbox. */
  readonly notices: readonly StoredObject[]
  readonly shared: readonly StoredObject[]
} => {
  const mails = 'src/ports/mailer.ts'
  const program = programOf([
    ...new Set([mails, ...sources.flatMap(([, [state], [event]]) => [state, event])]),
  ])
  const checker = program.getTypeChecker()
  const { objects, fieldsOf, named, members } = reader(checker)
  const typeOf = ([path, name]: readonly [string, string]): ts.Type => {
    const file = program.getSourceFile(inPackage(path))
    const symbol = file && checker.getSymbolAtLocation(file)
    const exported = symbol && checker.getExportsOfModule(symbol).find((each) => each.name === name)
    if (exported === undefined) throw new Error(`${path} exports no ${name}`)
    return checker.getDeclaredTypeOfSymbol(exported)
  }
  const kinds = sources.map(([kind, state, event]) => ({
    kind,
    states: objects(typeOf(state), 'stage'),
    events: objects(typeOf(event), 'type'),
  }))
  const notices = objects(typeOf([mails, 'Notice']), 'type')
  const shared = new Map<string, readonly StoredObject[]>()
  for (let next = [...named].find(([name]) => !shared.has(name)); next !== undefined; ) {
    const [name, type] = next
    const variants = members(type)
    shared.set(
      name,
      variants.map((variant, i) => ({
        name: variants.length === 1 ? name : `${name} (${i + 1} of ${variants.length})`,
        fields: fieldsOf(variant),
      })),
    )
    next = [...named].find(([each]) => !shared.has(each))
  }
  return { kinds, notices, shared: [...shared.values()].flat() }
}
