/**
 * Writes `schema.json`: what OCSF 1.8.0 says of the classes and objects that the mapping uses, without its texts.
 *
 *     git clone --branch 1.8.0 https://github.com/ocsf/ocsf-schema
 *     npx tsx test/adapters/ocsf/extract.ts ocsf-schema
 *     npx biome format --write test/adapters/ocsf/schema.json
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attribute, Facts, Shape } from './validate.ts'

const [, , folder = 'ocsf-schema'] = process.argv
const digests: Record<string, string> = {}
const read = (path: string) => {
  const text = readFileSync(join(folder, path), 'utf8')
  digests[path] = createHash('sha256').update(text).digest('hex')
  return JSON.parse(text)
}

interface Source {
  readonly extends?: string
  readonly constraints?: Readonly<Record<string, readonly string[]>>
  readonly attributes: Readonly<Record<string, Source[string]>>
  // biome-ignore lint/suspicious/noExplicitAny: a file of another project
  readonly [key: string]: any
}

const dictionary = read('dictionary.json')
const version: string = read('version.json').version
const category: { uid: number; caption: string } = read('categories.json').attributes.iam

/** A class or object with what it inherits; what it says itself comes last. Profiles add attributes only where an event names them. */
const inherited = (path: string, parentPath: (name: string) => string | undefined): readonly Source[] => {
  const source: Source = read(path)
  const parent = source.extends === undefined ? undefined : parentPath(source.extends)
  return [...(parent === undefined ? [] : inherited(parent, parentPath)), source]
}

const captions = (values: Readonly<Record<string, { readonly caption: string }>> = {}) =>
  Object.fromEntries(Object.entries(values).map(([value, { caption }]) => [value, caption]))

const attributeOf = (name: string, layers: readonly Source[]): Attribute => {
  const common = dictionary.attributes[name]
  const type = dictionary.types.attributes[common.type]
  const values = Object.assign({}, captions(common.enum), ...layers.map((layer) => captions(layer['enum'])))
  const requirement = layers.map((layer) => layer['requirement']).findLast((each) => each !== undefined)
  return {
    type: type?.type ?? common.type,
    ...(requirement === 'required' ? { required: true } : {}),
    ...(common.is_array === true ? { array: true } : {}),
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(common.sibling === undefined ? {} : { sibling: common.sibling }),
    ...(type?.regex === undefined ? {} : { format: common.type }),
    ...(type?.max_len === undefined ? {} : { maxLength: type.max_len }),
  }
}

const shapeOf = (layers: readonly Source[]): Shape => {
  const names = new Set(layers.flatMap(({ attributes }) => Object.keys(attributes)))
  names.delete('$include')
  const attributes = [...names].sort().map(
    (name) =>
      [
        name,
        attributeOf(
          name,
          layers.flatMap((each) => each.attributes[name] ?? []),
        ),
      ] as const,
  )
  const constraints = layers.map((layer) => layer.constraints).findLast((each) => each !== undefined)
  return { attributes: Object.fromEntries(attributes), ...(constraints === undefined ? {} : { constraints }) }
}

const classPath = (name: string) =>
  [`events/iam/${name}.json`, `events/${name}.json`].find((path) => existsSync(join(folder, path)))
const objectPath = (name: string) => `objects/${name}.json`

const classes = ['account_change', 'authentication', 'entity_management', 'user_access'].map((name) => {
  const layers = inherited(`events/iam/${name}.json`, classPath)
  const { uid, caption } = layers.at(-1) as Source
  const classUid = category.uid * 1_000 + uid
  const { attributes, ...rest } = shapeOf(layers)
  const own = {
    category_uid: { ...attributes['category_uid'], values: { [category.uid]: category.caption } },
    class_uid: { ...attributes['class_uid'], values: { [classUid]: caption } },
  }
  return [classUid, { caption, attributes: { ...attributes, ...own }, ...rest }] as const
})

const objects = [
  'actor',
  'auth_factor',
  'http_request',
  'managed_entity',
  'metadata',
  'network_endpoint',
  'organization',
  'product',
  'service',
  'session',
  'user',
].map((name) => [name, shapeOf(inherited(objectPath(name), objectPath))] as const)

const facts: Facts = {
  source: 'https://github.com/ocsf/ocsf-schema',
  licence: 'Apache-2.0; Copyright OCSF a Series of LF Projects, LLC',
  version,
  classes: Object.fromEntries(classes),
  objects: Object.fromEntries(objects),
  digests: Object.fromEntries(Object.entries(digests).sort()),
}
writeFileSync(new URL('schema.json', import.meta.url), `${JSON.stringify(facts, undefined, 1)}\n`)
